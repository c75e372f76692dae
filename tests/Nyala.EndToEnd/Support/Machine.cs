using System.Diagnostics;

namespace Nyala.EndToEnd.Support;

/// <summary>
/// A user's machine in small: a home for the state of <c>nyala</c>, a working folder, and the program run as a process.
/// What was started on it ends with it.
/// </summary>
internal sealed class Machine : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("nyala-e2e-");
    private readonly List<IDisposable> _started = [];

    public Machine() => Directory.CreateDirectory(Work);

    /// <summary>The folder of all the others.</summary>
    public string Root => _root.FullName;

    public string Work => Path.Combine(_root.FullName, "work");

    public string Data => Path.Combine(_root.FullName, "data");

    /// <summary>The release that the default site runs.</summary>
    public string Current => Path.Combine(Data, "sites", "default", "current");

    public string State => Path.Combine(_root.FullName, "state");

    /// <summary>Environment variables of what is started from now on.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>The command that is to run the program, given as its last arguments; none runs it as it is.</summary>
    public string[] Wrapper { get; set; } = [];

    /// <summary>Starts <c>nyala</c> with what is piped in and out.</summary>
    public NyalaProcess Start(params string[] args) => StartProgram(["dotnet", Path.Combine(AppContext.BaseDirectory, "nyala.dll"), .. args]);

    /// <summary>Starts any program with what is piped in and out.</summary>
    public NyalaProcess StartProgram(params string[] args)
    {
        string[] command = [.. Wrapper, .. args];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = Work };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("NYALA_", StringComparison.Ordinal) || name.StartsWith("GIT", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["XDG_STATE_HOME"] = State;
        start.Environment["GIT_CEILING_DIRECTORIES"] = Path.GetTempPath();
        foreach ((string name, string value) in Variables)
        {
            start.Environment[name] = value;
        }

        return Keep(new NyalaProcess(start));
    }

    /// <summary>Runs <c>nyala</c> to its end.</summary>
    public async Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args) => await Start(args).EndAsync();

    /// <summary>Runs <c>nyala</c> to its good end and gives what it printed.</summary>
    public async Task<string> DoneAsync(params string[] args)
    {
        (int exitCode, string output, string error) = await RunAsync(args);
        Assert.True(exitCode == 0, $"nyala {string.Join(' ', args)} ended with {exitCode}: {error}");
        return output;
    }

    /// <summary>
    /// Runs <c>nyala run</c> to its end, and returns once the server has all its reports: on a busy machine some may have
    /// been spooled.
    /// </summary>
    public async Task<(int ExitCode, string Out, string Error)> DeployAsync(params string[] args)
    {
        (int ExitCode, string Out, string Error) ended = await RunAsync(["run", .. args]);
        await SpoolSentAsync().InTimeAsync();
        return ended;
    }

    /// <summary>Runs <c>nyala spool send</c> until nothing waits.</summary>
    public async Task<bool> SpoolSentAsync()
    {
        while ((await RunAsync("spool", "send")).ExitCode != 0)
        {
        }

        return true;
    }

    /// <summary>Starts a server and returns once it has greeted.</summary>
    /// <param name="port">Where it listens; 0 takes a free port.</param>
    public Task<ServerProcess> ServeAsync(int port = 0) => ServeAsync($"http://127.0.0.1:{port}");

    /// <summary>Starts a server and returns once it has greeted.</summary>
    /// <param name="urls">Where it listens.</param>
    public async Task<ServerProcess> ServeAsync(string urls) => Keep(await ServerProcess.GreetedAsync(Start("serve", "--urls", urls, "--data", Data), Data));

    /// <summary>Starts a server whose data folder is seen from outside as <paramref name="seen"/> says, and returns once it has greeted.</summary>
    /// <param name="seen">Gives the folder as other processes see it, from the id of the server's process.</param>
    public async Task<(ServerProcess Server, string Data, int Id)> ServeAsync(Func<int, string> seen)
    {
        NyalaProcess process = Start("serve", "--urls", "http://127.0.0.1:0", "--data", Data);
        string data = seen(process.Id);
        return (Keep(await ServerProcess.GreetedAsync(process, data)), data, process.Id);
    }

    /// <summary>Makes the working folder, with what is in it, a git repository of one commit, by Ann on the branch <c>trunk</c>, and gives the commit's id.</summary>
    public string Commit(string message) => Shell(
        $"git init -q -b trunk && git add -A && git -c user.name=Ann -c user.email=ann@example.com -c commit.gpgSign=false commit -q --allow-empty -m '{message}' && git rev-parse HEAD");

    public void Dispose()
    {
        foreach (IDisposable started in Enumerable.Reverse(_started))
        {
            started.Dispose();
        }

        _root.Delete(recursive: true);
    }

    /// <summary>Runs a shell script in the working folder and gives what it prints.</summary>
    private string Shell(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = Work, RedirectStandardOutput = true })!;
        string output = shell.StandardOutput.ReadToEnd().Trim();
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
        return output;
    }

    private T Keep<T>(T started)
        where T : IDisposable
    {
        _started.Add(started);
        return started;
    }
}
