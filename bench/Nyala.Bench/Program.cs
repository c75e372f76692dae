using Nyala.Bench;

if (args is ["receiver"])
{
    return ReceiverProcess.Serve();
}

if (!BenchOptions.TryParse(args, out BenchOptions options, out string? refusal))
{
    await Console.Error.WriteLineAsync(refusal);
    return 2;
}

// Whatever hangs, the program ends.
using var limit = new CancellationTokenSource(options.TimeLimit, TimeProvider.System);
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
    await Console.Error.WriteLineAsync($"Not done within {options.TimeLimit}: stopped.");
    return 1;
}
