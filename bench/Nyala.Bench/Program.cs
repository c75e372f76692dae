using System.Runtime.InteropServices;
using Nyala.Bench;
using Nyala.Bench.Front;

if (args is ["receiver"])
{
    return ReceiverProcess.Serve();
}

if (args is ["serve", string data, string token])
{
    return await ColdProcess.ServeAsync(data, token);
}

if (args is ["load"])
{
    return await LoadGenerator.ServeAsync();
}

if (args is ["kestrel", .. { Length: <= 1 } receiver])
{
    return await BareKestrel.ServeAsync(receiver is [string url] ? new Uri(url) : null);
}

if (!BenchOptions.TryParse(args, out BenchOptions options, out string? refusal))
{
    await Console.Error.WriteLineAsync(refusal);
    return 2;
}

// The program ends even if a measurement hangs.
using var limit = new CancellationTokenSource(options.TimeLimit, TimeProvider.System);

// A run that is stopped by a signal still removes its data.
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await Suite.RunAsync(options, Console.Out, limit.Token);
    return 0;
}
catch (BenchException failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}
catch (OperationCanceledException) when (limit.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync($"Stopped: by a signal, or not done within {options.TimeLimit}.");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    limit.Cancel();
}
