using System.CommandLine;
using Nyala.Cli.Deployments;
using Nyala.Cli.Hooks;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deliveries;

/// <summary><c>nyala deliveries list</c>.</summary>
internal static class DeliveriesList
{
    private static readonly ListView<IReadOnlyList<Delivery>, Delivery> View =
        new(NyalaJson.Wire.IReadOnlyListDelivery, DeliveryView.Columns, DeliveryView.Row, "no matching deliveries.");

    private static readonly string[] States = ["pending", "delivered", "failed", "gone"];

    public static Command Create(CommandEnvironment environment)
    {
        var hook = new Option<string?>("--hook") { Description = "Only deliveries to this hook: its ID, part of the ID, or its URL.", HelpName = "hook" };
        Option<string?> state = new Option<string?>("--state") { Description = "Only deliveries in this state." }.AcceptOnlyFromAmong(States);
        var @event = new Option<string?>("--event") { Description = "Only deliveries of this event.", HelpName = "id" };
        var type = new Option<string?>("--type") { Description = "Only deliveries of this event type.", HelpName = "type" };
        var deployment = new Option<string?>("--deployment") { Description = "Only deliveries about this deployment.", HelpName = "id" };
        var command = new Command("list", "List deliveries, newest first.") { hook, state, @event, type, deployment };
        Option<DateTimeOffset?> since = TimeOption.AddTo(command, environment, "--since", "Only events accepted at or after this time");
        Option<DateTimeOffset?> until = TimeOption.AddTo(command, environment, "--until", "Only events accepted before this time");
        Option<int> limit = LimitOption.AddTo(command);
        return View.AddTo(command, environment, async (parsed, client, cancellationToken) =>
        {
            var search = new DeliverySearch
            {
                Hook = parsed.GetValue(hook) is { } ofHook ? await HookLookup.IdAsync(client, ofHook, cancellationToken) : null,
                State = parsed.GetValue(state),
                Event = parsed.GetValue(@event) is { } ofEvent ? await HistoryLookup.EventAsync(client, ofEvent, cancellationToken) : null,
                Type = parsed.GetValue(type),
                Deployment = parsed.GetValue(deployment) is { } about ? (await DeploymentLookup.FindAsync(client, about, cancellationToken)).Id : null,
                Since = parsed.GetValue(since),
                Until = parsed.GetValue(until),
            };
            return await client.ListDeliveriesAsync(search, parsed.GetValue(limit), cancellationToken).ToListAsync(cancellationToken);
        });
    }
}
