using System.Diagnostics;

namespace Nyala.EndToEnd.Support;

/// <summary>
/// A small machine of a user: a folder for the state of <c>nyala</c>, a working folder, and the program as a process.
/// Disposing it ends everything that was started on it.
/// </summary>
internal sealed class Machine : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("nyala-e2e-");
    private readonly List<IDisposable> _started = [];

    public Machine() => Directory.CreateDirectory(Work);

    /// <summary>The folder that contains the others.</summary>
    public string Root => _root.FullName;

    public string Work => Path.Combine(_root.FullName, "work");

    public string Data => Path.Combine(_root.FullName, "data");

    /// <summary>The current release of the default site.</summary>
    public string Current => Path.Combine(Data, "sites", "default", "current");

    public string State => Path.Combine(_root.FullName, "state");

    /// <summary>Environment variables of processes that are started from now on.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>A command that gets the program and its arguments appended and runs it. If empty, the program is run directly.</summary>
    public string[] Wrapper { get; set; } = [];

    /// <summary>Starts <c>nyala</c> with redirected input and output.</summary>
    public NyalaProcess Start(params string[] args) => StartProgram(["dotnet", Path.Combine(AppContext.BaseDirectory, "nyala.dll"), .. args]);

    /// <summary>Starts any program with redirected input and output.</summary>
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

    /// <summary>Runs <c>nyala</c> until it exits.</summary>
    public async Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args) => await Start(args).EndAsync();

    /// <summary>Runs <c>nyala</c>, asserts that it succeeds, and returns its output.</summary>
    public async Task<string> DoneAsync(params string[] args)
    {
        (int exitCode, string output, string error) = await RunAsync(args);
        Assert.True(exitCode == 0, $"nyala {string.Join(' ', args)} ended with {exitCode}: {error}");
        return output;
    }

    /// <summary>
    /// Runs <c>nyala run</c>, and returns when the server has all its reports. On a busy machine, some of them may have been
    /// spooled.
    /// </summary>
    public async Task<(int ExitCode, string Out, string Error)> DeployAsync(params string[] args)
    {
        (int ExitCode, string Out, string Error) ended = await RunAsync(["run", .. args]);
        await SpoolSentAsync().InTimeAsync();
        return ended;
    }

    /// <summary>Runs <c>nyala spool send</c> until no report waits.</summary>
    public async Task<bool> SpoolSentAsync()
    {
        while ((await RunAsync("spool", "send")).ExitCode != 0)
        {
        }

        return true;
    }

    /// <summary>Starts a server and returns when it has printed its greeting.</summary>
    /// <param name="port">The port to listen on; 0 chooses a free one.</param>
    public Task<ServerProcess> ServeAsync(int port = 0) => ServeAsync($"http://127.0.0.1:{port}");

    /// <summary>Starts a server and returns when it has printed its greeting.</summary>
    /// <param name="urls">The addresses to listen on.</param>
    public async Task<ServerProcess> ServeAsync(string urls) => Keep(await ServerProcess.GreetedAsync(Start("serve", "--urls", urls, "--data", Data), Data));

    /// <summary>Starts a server whose data folder has another path in other processes, and returns when it has printed its greeting.</summary>
    /// <param name="seen">Returns the path of the data folder in other processes, given the process id of the server.</param>
    public async Task<(ServerProcess Server, string Data, int Id)> ServeAsync(Func<int, string> seen)
    {
        NyalaProcess process = Start("serve", "--urls", "http://127.0.0.1:0", "--data", Data);
        string data = seen(process.Id);
        return (Keep(await ServerProcess.GreetedAsync(process, data)), data, process.Id);
    }

    /// <summary>Makes the working folder a git repository with one commit, by Ann on the branch <c>trunk</c>, and returns the id of the commit.</summary>
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

    /// <summary>Runs a shell script in the working folder and returns its output.</summary>
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
