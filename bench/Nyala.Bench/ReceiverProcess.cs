using System.Diagnostics;

namespace Nyala.Bench;

/// <summary>The receiver in a separate process, which runs this program again. It ends when its input ends, so it never outlives the run.</summary>
internal sealed class ReceiverProcess : IDisposable
{
    private readonly Process _process;

    private ReceiverProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>The processor time used so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ReceiverProcess> StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, "receiver") { RedirectStandardInput = true, RedirectStandardOutput = true };
        Process process = Process.Start(start) ?? throw new BenchException("The receiver did not start.");
        string? address = await process.StandardOutput.ReadLineAsync(cancellationToken);
        return address is null ? throw new BenchException("The receiver said nothing.") : new ReceiverProcess(process, new Uri(address));
    }

    /// <summary>Runs the receiver in the other process.</summary>
    public static int Serve()
    {
        using var receiver = new Receiver();
        Console.Out.WriteLine(receiver.Address);
        Console.In.ReadToEnd();
        return 0;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
