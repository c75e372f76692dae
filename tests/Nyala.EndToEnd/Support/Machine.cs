using System.Diagnostics;

namespace Nyala.EndToEnd.Support;

/// <summary>A user's machine in small: a home for the state of <c>nyala</c>, a working folder, and the program run as a process.</summary>
internal sealed class Machine : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("nyala-e2e-");

    public Machine() => Directory.CreateDirectory(Work);

    public string Work => Path.Combine(_root.FullName, "work");

    public string Data => Path.Combine(_root.FullName, "data");

    /// <summary>Starts <c>nyala</c> with what is piped in and out.</summary>
    public Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Work,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] all = [Path.Combine(AppContext.BaseDirectory, "nyala.dll"), .. args];
        foreach (string argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("NYALA_", StringComparison.Ordinal) || name.StartsWith("GIT", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["XDG_STATE_HOME"] = Path.Combine(_root.FullName, "state");
        start.Environment["GIT_CEILING_DIRECTORIES"] = Path.GetTempPath();
        return Process.Start(start)!;
    }

    /// <summary>Runs <c>nyala</c> to its end.</summary>
    public async Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args)
    {
        using Process process = Start(args);
        return await EndAsync(process);
    }

    public static async Task<(int ExitCode, string Out, string Error)> EndAsync(Process process)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts a server and returns once it has greeted: it then answers, and has left its address for the others.</summary>
    public async Task<Process> ServeAsync(int port)
    {
        Process server = Start("serve", "--urls", $"http://127.0.0.1:{port}", "--data", Data);
        string? line;
        do
        {
            line = await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.True(line is not null, "The server has ended before it greeted.");
        }
        while (!line.StartsWith("Nyala listens on ", StringComparison.Ordinal));

        // Read on, so that a full pipe never stops it.
        _ = server.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = server.StandardError.ReadToEndAsync(CancellationToken.None);
        return server;
    }

    /// <summary>Runs a shell script in the working folder and gives what it prints.</summary>
    public string Shell(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = Work, RedirectStandardOutput = true })!;
        string output = shell.StandardOutput.ReadToEnd().Trim();
        shell.WaitForExit();
        return output;
    }

    public void Dispose() => _root.Delete(recursive: true);
}
