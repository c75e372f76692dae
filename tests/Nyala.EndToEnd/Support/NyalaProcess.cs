using System.Diagnostics;

namespace Nyala.EndToEnd.Support;

/// <summary>A program as a separate process.</summary>
internal sealed class NyalaProcess : IDisposable
{
    private readonly Process _process;

    public NyalaProcess(ProcessStartInfo start)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        _process = Process.Start(start)!;
        Out = new Transcript(_process.StandardOutput);
        Error = new Transcript(_process.StandardError);
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Kills the process and its children.</summary>
    public void KillAll() => _process.Kill(entireProcessTree: true);

    public Transcript Out { get; }

    public Transcript Error { get; }

    /// <summary>Writes to the standard input of the process.</summary>
    public void Type(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    /// <summary>Kills only this process, with <c>kill -9</c>.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends a signal only to this process.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-s", name, $"{_process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Closes standard input and waits until the process exits.</summary>
    public async Task<(int ExitCode, string Out, string Error)> EndAsync()
    {
        _process.StandardInput.Close();
        return (await ExitAsync().InTimeAsync(), await Out.Whole.InTimeAsync(), await Error.Whole.InTimeAsync());
    }

    /// <summary>Kills the process and its children if it still runs.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }
}
