using System.Diagnostics;

namespace Nyala.EndToEnd.Support;

/// <summary>The program as a process of its own.</summary>
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

    /// <summary>Kills it, and what it has started.</summary>
    public void KillAll() => _process.Kill(entireProcessTree: true);

    public Transcript Out { get; }

    public Transcript Error { get; }

    /// <summary>Writes to its standard input.</summary>
    public void Type(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    /// <summary><c>kill -9</c> of this process alone, at once.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends a signal to this process alone.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-s", name, $"{_process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Closes its standard input and waits for its end.</summary>
    public async Task<(int ExitCode, string Out, string Error)> EndAsync()
    {
        _process.StandardInput.Close();
        return (await ExitAsync().InTimeAsync(), await Out.Whole.InTimeAsync(), await Error.Whole.InTimeAsync());
    }

    /// <summary>Ends it, and what it has started, whatever it is doing.</summary>
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
