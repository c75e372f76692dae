using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;

namespace Nyala.Cli.Spool;

/// <summary><c>nyala spool send</c>: exits with 0 if the server accepted all waiting reports, otherwise with 1.</summary>
internal static class SpoolSend
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    public static Command Create(CommandEnvironment environment)
    {
        var to = new Option<string?>("--to")
        {
            Description = $"Move the reports to this server, then send them there with the token from --token or {ServerChoice.TokenVariable}. "
                + "--server then specifies the original server. It can be omitted if all reports are for one server.",
            HelpName = "url",
        };
        var command = new Command("send", "Send the waiting reports to the server, in order.") { to };
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        command.SetVerbAction(environment, async (parsed, cancellationToken) =>
        {
            ServerTarget server = parsed.GetValue(to) is { Length: > 0 } target
                ? Move(connection.RequireServerFrom("--to", target, parsed, environment), connection.ServerOption(parsed), environment)
                : connection.Require(parsed, environment);
            return await SendAsync(server, environment, cancellationToken);
        });
        return command;
    }

    /// <summary>Moves the reports for another address to the store of this server.</summary>
    private static ServerTarget Move(ServerTarget server, string? from, CommandEnvironment environment)
    {
        SpoolSummary sum = SpoolLookup.Find(environment.StateFolder, from, except: server.Address);
        using IDisposable locked = SpoolLookup.Lock(sum);
        int count = sum.Store.MoveTo(ReportStore.Of(environment.StateFolder, server), server.Name);
        environment.Error.WriteLine($"nyala: moved {count} from {sum.Address} to {server.Name}.");
        return server;
    }

    private static async Task<int> SendAsync(ServerTarget server, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        ReportStore store = ReportStore.Of(environment.StateFolder, server);
        if (store.Names().Count == 0)
        {
            environment.Error.WriteLine($"nyala: no reports are waiting for {server.Name}.");
            PrintOtherServers(server, environment);
            return ExitCode.Done;
        }

        using var sender = new ReportSender(server, environment.Clock);
        DrainResult result = await DrainAsync(sender, store, environment, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (TokenNotice.Of(sender.TokenExpires, environment.Clock.GetUtcNow()) is { } expiring)
        {
            environment.Error.WriteLine($"nyala: {expiring}");
        }

        if (result.Busy)
        {
            throw new CommandFailure($"another nyala process has been sending to {server.Name} for {(int)Timeout.TotalSeconds} s. Try again later.");
        }

        int left = store.Names().Count;
        string sum = $"{result.Sent} sent, {result.Refused} refused, {left} left";
        if (result.Stopped is { } stopped)
        {
            throw new CommandFailure($"{sum} for {server.Name}: {stopped.Reason}.");
        }

        environment.Error.WriteLine($"nyala: {sum}.");
        PrintOtherServers(server, environment);
        return left == 0 && result.Refused == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    // After a change of the server's address, reports for the old address could be forgotten.
    private static void PrintOtherServers(ServerTarget server, CommandEnvironment environment)
    {
        foreach (SpoolSummary other in ReportStore.ForOtherServers(environment.StateFolder, server))
        {
            environment.Error.WriteLine("nyala: " + TerminalText.OneLine(other.Advice(server.Name)));
        }
    }

    // Another process that is sending will soon be done, and may leave reports that only this process's token permits.
    private static async Task<DrainResult> DrainAsync(
        ReportSender sender, ReportStore store, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        long since = environment.Clock.GetTimestamp();
        while (true)
        {
            DrainResult result = await sender.DrainAsync(
                store, problem => environment.Error.WriteLine("nyala: " + TerminalText.OneLine(problem)), cancellationToken);
            if (!result.Busy || environment.Clock.GetElapsedTime(since) > Timeout)
            {
                return result;
            }

            await Task.Delay(PollInterval, environment.Clock, cancellationToken);
        }
    }
}
