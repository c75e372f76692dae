using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;

namespace Nyala.Cli.Spool;

/// <summary><c>nyala spool send</c>: 0 where nothing is left for the server, 1 where something is.</summary>
internal static class SpoolSend
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("send", "Sends the reports that wait for the server, in order.");
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        command.SetVerb(surroundings, async (parsed, cancellationToken) =>
        {
            KnownServer server = connection.Require(parsed, surroundings);
            ReportStore store = ReportStore.Of(surroundings.StateFolder, server);
            if (store.Names().Count == 0)
            {
                surroundings.Error.WriteLine($"nyala: nothing waits for {server.Name}.");
                return ExitCode.Done;
            }

            using var sender = new ReportSender(server, surroundings.Clock);
            DrainResult result = await DrainAsync(sender, store, surroundings, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (result.Busy)
            {
                throw new CommandFailure($"another nyala has been sending to {server.Name} for {(int)Patience.TotalSeconds} s. Try again later.");
            }

            int left = store.Names().Count;
            string sum = $"{result.Sent} sent, {result.Refused} refused, {left} left";
            if (result.Stopped is { } stopped)
            {
                throw new CommandFailure($"{sum} for {server.Name}: {stopped.Reason}.");
            }

            surroundings.Error.WriteLine($"nyala: {sum}.");
            return left == 0 && result.Refused == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    // Another process that sends is done soon, and may leave something that only this one's token opens.
    private static async Task<DrainResult> DrainAsync(
        ReportSender sender, ReportStore store, Surroundings surroundings, CancellationToken cancellationToken)
    {
        long since = surroundings.Clock.GetTimestamp();
        while (true)
        {
            DrainResult result = await sender.DrainAsync(
                store, problem => surroundings.Error.WriteLine("nyala: " + Text.OneLine(problem)), cancellationToken);
            if (!result.Busy || surroundings.Clock.GetElapsedTime(since) > Patience)
            {
                return result;
            }

            await Task.Delay(Look, surroundings.Clock, cancellationToken);
        }
    }
}
