using System.Diagnostics;

namespace Nyala.EndToEnd.Support;

/// <summary>A user who pushes: a home folder, a repository with the branch <c>main</c>, and the <c>git</c> of this machine.</summary>
internal sealed class Developer : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("nyala-git-");
    private readonly List<NyalaProcess> _started = [];

    private Developer() => Directory.CreateDirectory(Folder);

    /// <summary>The working folder.</summary>
    public string Folder => Path.Combine(_root.FullName, "shop");

    public static async Task<Developer> StartAsync()
    {
        var developer = new Developer();
        await developer.DoneAsync("init", "--quiet", "--initial-branch", "main");
        await developer.DoneAsync("config", "user.name", "Jörg Ann");
        await developer.DoneAsync("config", "user.email", "ann@example.com");
        return developer;
    }

    /// <summary>Starts <c>git</c> in the working folder.</summary>
    public NyalaProcess Begin(params IEnumerable<string> args)
    {
        var start = new ProcessStartInfo("git", args) { WorkingDirectory = Folder };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("GIT", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = _root.FullName;
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["LC_ALL"] = "C.UTF-8";
        var process = new NyalaProcess(start);
        _started.Add(process);
        return process;
    }

    /// <summary>Runs <c>git</c> until it exits.</summary>
    public Task<(int ExitCode, string Out, string Error)> RunAsync(params IEnumerable<string> args) => Begin(args).EndAsync();

    /// <summary>Runs <c>git</c>, asserts that it succeeds, and returns its output.</summary>
    public async Task<(string Out, string Error)> DoneAsync(params string[] args)
    {
        (int exitCode, string output, string error) = await RunAsync(args);
        Assert.True(exitCode == 0, $"git {string.Join(' ', args)} ended with {exitCode}: {error}");
        return (output.Trim(), error);
    }

    /// <summary>Writes a file.</summary>
    public void Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Writes a file, commits it with all other changes, and returns the id of the commit.</summary>
    public async Task<string> CommitAsync(string message, string name = "index.html", string? text = null)
    {
        Write(name, text ?? message);
        await DoneAsync("add", "--all");
        await DoneAsync("commit", "--quiet", "--allow-empty", "-m", message);
        return (await DoneAsync("rev-parse", "HEAD")).Out;
    }

    public void Dispose()
    {
        foreach (NyalaProcess process in _started)
        {
            process.Dispose();
        }

        _root.Delete(recursive: true);
    }
}
