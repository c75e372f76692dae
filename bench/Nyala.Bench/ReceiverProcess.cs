namespace Nyala.Bench;

/// <summary>The receiver in a separate process, which runs this program again. It ends when its input ends, so it never outlives the run.</summary>
internal sealed class ReceiverProcess : IDisposable
{
    private readonly ChildProcess _process;

    private ReceiverProcess(ChildProcess process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>The processor time used so far.</summary>
    public TimeSpan Processor => _process.Processor;

    public static async Task<ReceiverProcess> StartAsync(CancellationToken cancellationToken)
    {
        (ChildProcess process, Uri address) = await ChildProcess.StartServerAsync(ChildProcess.ThisProgram("receiver"), cancellationToken);
        return new ReceiverProcess(process, address);
    }

    /// <summary>Runs the receiver in the other process.</summary>
    public static int Serve()
    {
        using var receiver = new Receiver();
        Console.Out.WriteLine(receiver.Address);
        Console.In.ReadToEnd();
        return 0;
    }

    public void Dispose() => _process.Dispose();
}
