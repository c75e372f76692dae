using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Deployments;
using Nyala.Cli.Hooks;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deliveries;

/// <summary><c>nyala deliveries list</c>.</summary>
internal static class DeliveriesList
{
    private const int UsualLimit = 100;

    private static readonly string[] States = ["pending", "delivered", "failed", "gone"];

    public static Command Create(Surroundings surroundings)
    {
        var hook = new Option<string?>("--hook") { Description = "Only those to this hook, by its id, a part of it, or its callback URL.", HelpName = "hook" };
        Option<string?> state = new Option<string?>("--state") { Description = "Only those in this state." }.AcceptOnlyFromAmong(States);
        var @event = new Option<string?>("--event") { Description = "Only those of this event.", HelpName = "id" };
        var type = new Option<string?>("--type") { Description = "Only those of events of this type.", HelpName = "type" };
        var deployment = new Option<string?>("--deployment") { Description = "Only those of events about this deployment.", HelpName = "id" };
        var command = new Command("list", "Lists deliveries, newest first.") { hook, state, @event, type, deployment };
        Option<DateTimeOffset?> since = TimeOption.AddTo(command, surroundings, "--since", "Only those of events from then on.");
        Option<DateTimeOffset?> until = TimeOption.AddTo(command, surroundings, "--until", "Only those of events before then.");
        Option<int?> limit = LimitOption.AddTo(command);
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                var search = new DeliverySearch
                {
                    Hook = parsed.GetValue(hook) is { } ofHook ? await WhichHook.IdAsync(client, ofHook, cancellationToken) : null,
                    State = parsed.GetValue(state),
                    Event = parsed.GetValue(@event) is { } ofEvent ? await WhichRecord.EventAsync(client, ofEvent, cancellationToken) : null,
                    Type = parsed.GetValue(type),
                    Deployment = parsed.GetValue(deployment) is { } about ? (await WhichDeployment.FindAsync(client, about, cancellationToken)).Id : null,
                    Since = parsed.GetValue(since),
                    Until = parsed.GetValue(until),
                };
                List<Delivery> deliveries = await client.ListDeliveriesAsync(search, parsed.GetValue(limit) ?? UsualLimit, cancellationToken).ToListAsync(cancellationToken);
                if (deliveries.Count == 0)
                {
                    await connection.RequireSiteAsync(parsed, surroundings, client, cancellationToken);
                }

                if (json.TryPrint<IReadOnlyList<Delivery>>(parsed, surroundings, deliveries, NyalaJson.Wire.IReadOnlyListDelivery))
                {
                    return ExitCode.Done;
                }

                if (deliveries.Count == 0)
                {
                    surroundings.Error.WriteLine("nyala: no such deliveries.");
                    return ExitCode.Done;
                }

                Tables.Print(surroundings, DeliveryView.Columns, deliveries.Select(DeliveryView.Row));
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}
