using System.Diagnostics;

namespace Nyala.Tests.Cli.Support;

/// <summary>A working folder and a state folder, in which the command line runs as a process.</summary>
internal sealed class Workplace : IDisposable
{
    private readonly TempFolder _state = new();
    private readonly TempFolder _work = new();

    /// <summary>The state folder of the command line.</summary>
    public string StateFolder => _state.In("nyala");

    public string In(string name) => _work.In(name);

    public NyalaProcess Start(Uri? server, params string[] args) => Start(server, [], args);

    public NyalaProcess Start(Uri? server, IEnumerable<(string Name, string Value)> variables, params string[] args) =>
        NyalaProcess.Start(_state.Path, server, _work.Path, variables, args);

    public async Task<(int ExitCode, byte[] Out, string Error)> RunAsync(Uri? server, params string[] args)
    {
        using NyalaProcess run = Start(server, args);
        return await run.EndAsync();
    }

    /// <summary>Runs a shell script in the working folder and returns its output.</summary>
    public string Shell(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = _work.Path, RedirectStandardOutput = true })!;
        string output = shell.StandardOutput.ReadToEnd().Trim();
        shell.WaitForExit();
        return output;
    }

    public void Dispose()
    {
        _state.Dispose();
        _work.Dispose();
    }
}
