using System.Diagnostics;

namespace Nyala.Bench;

/// <summary>A process that this program starts. It does not outlive its owner: it is told to end, and killed if it does not.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan UsualGrace = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly string? _signal;
    private readonly TimeSpan _grace;
    private bool _disposed;

    /// <summary>Starts a process whose input and output are connected to this program.</summary>
    /// <param name="start">The command.</param>
    /// <param name="signal">The signal that tells the process to end; null if it ends when its input ends.</param>
    /// <param name="grace">How long the process may take to end; null for five seconds.</param>
    public ChildProcess(ProcessStartInfo start, string? signal = null, TimeSpan? grace = null)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        _process = Process.Start(start) ?? throw new BenchException($"{start.FileName} did not start.");
        (_signal, _grace) = (signal, grace ?? UsualGrace);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The processor time used so far, without child processes.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Returns the command that runs this program again.</summary>
    public static ProcessStartInfo ThisProgram(params string[] arguments) => new(Environment.ProcessPath!, arguments);

    /// <summary>Starts a server, and returns when it has printed its address.</summary>
    /// <exception cref="BenchException">It printed something else, or ended.</exception>
    public static async Task<(ChildProcess Process, Uri Address)> StartServerAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        var process = new ChildProcess(start);
        try
        {
            return (process, await process.ReadAddressAsync(cancellationToken));
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Reads the line that ends with the address of the server.</summary>
    /// <exception cref="BenchException">The line does not end with an address, or the process ended.</exception>
    public async Task<Uri> ReadAddressAsync(CancellationToken cancellationToken)
    {
        string? line = await ReadLineAsync(cancellationToken);
        return Uri.TryCreate(line?.Split(' ')[^1], UriKind.Absolute, out Uri? address)
            ? address
            : throw new BenchException($"{_process.StartInfo.FileName} did not start and said: {line ?? "nothing"}");
    }

    /// <returns>The next line; null if the process closed its output.</returns>
    public Task<string?> ReadLineAsync(CancellationToken cancellationToken) => _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask();

    public Task<string> ReadToEndAsync(CancellationToken cancellationToken) => _process.StandardOutput.ReadToEndAsync(cancellationToken);

    public Task WriteLineAsync(string line, CancellationToken cancellationToken) => _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);

    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Reads everything that the process prints from now on, so that it never waits for a reader.</summary>
    public void DiscardOutput()
    {
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        if (_process.StartInfo.RedirectStandardError)
        {
            _process.ErrorDataReceived += (_, _) => { };
            _process.BeginErrorReadLine();
        }
    }

    /// <summary>Tells the process to end, and waits until it has exited.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _process.StandardInput.Close();
        if (_signal is not null && !_process.HasExited)
        {
            using var kill = Process.Start("kill", [$"-{_signal}", $"{_process.Id}"]);
            kill.WaitForExit();
        }

        if (!_process.WaitForExit(_grace))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
