using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;

namespace Nyala.Cli.Spool;

/// <summary><c>nyala spool send</c>: 0 if nothing is left for the server, 1 if something is.</summary>
internal static class SpoolSend
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public static Command Create(Surroundings surroundings)
    {
        var to = new Option<string?>("--to")
        {
            Description = $"Move the reports to this server, then send them there with the token from --token or {ServerChoice.TokenVariable}. "
                + "--server then specifies the original server. It can be omitted if all reports are for one server.",
            HelpName = "url",
        };
        var command = new Command("send", "Send the waiting reports to the server, in order.") { to };
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        command.SetVerb(surroundings, async (parsed, cancellationToken) =>
        {
            KnownServer server = parsed.GetValue(to) is { Length: > 0 } target
                ? Move(connection.RequireNamed("--to", target, parsed, surroundings), connection.Named(parsed), surroundings)
                : connection.Require(parsed, surroundings);
            return await SendAsync(server, surroundings, cancellationToken);
        });
        return command;
    }

    /// <summary>Moves the reports for another address to a server.</summary>
    private static KnownServer Move(KnownServer server, string? from, Surroundings surroundings)
    {
        SpoolSum sum = SpoolAddress.Find(surroundings.StateFolder, from, except: server.Address);
        using IDisposable locked = SpoolAddress.Lock(sum);
        int count = sum.Store.MoveTo(ReportStore.Of(surroundings.StateFolder, server), server.Name);
        surroundings.Error.WriteLine($"nyala: moved {count} from {sum.Address} to {server.Name}.");
        return server;
    }

    private static async Task<int> SendAsync(KnownServer server, Surroundings surroundings, CancellationToken cancellationToken)
    {
        ReportStore store = ReportStore.Of(surroundings.StateFolder, server);
        if (store.Names().Count == 0)
        {
            surroundings.Error.WriteLine($"nyala: no reports are waiting for {server.Name}.");
            SayOthers(server, surroundings);
            return ExitCode.Done;
        }

        using var sender = new ReportSender(server, surroundings.Clock);
        DrainResult result = await DrainAsync(sender, store, surroundings, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (TokenNotice.Of(sender.TokenExpires, surroundings.Clock.GetUtcNow()) is { } expiring)
        {
            surroundings.Error.WriteLine($"nyala: {expiring}");
        }

        if (result.Busy)
        {
            throw new CommandFailure($"another nyala process has been sending to {server.Name} for {(int)Patience.TotalSeconds} s. Try again later.");
        }

        int left = store.Names().Count;
        string sum = $"{result.Sent} sent, {result.Refused} refused, {left} left";
        if (result.Stopped is { } stopped)
        {
            throw new CommandFailure($"{sum} for {server.Name}: {stopped.Reason}.");
        }

        surroundings.Error.WriteLine($"nyala: {sum}.");
        SayOthers(server, surroundings);
        return left == 0 && result.Refused == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    // After a change of the server's address, reports for the old one would be forgotten.
    private static void SayOthers(KnownServer server, Surroundings surroundings)
    {
        foreach (SpoolSum other in ReportStore.Others(surroundings.StateFolder, server))
        {
            surroundings.Error.WriteLine("nyala: " + Text.OneLine(other.Advice(server.Name)));
        }
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
