using System.CommandLine;
using Nyala.Cli.Deployments;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Events;

/// <summary><c>nyala events list</c>.</summary>
internal static class EventsList
{
    private static readonly ListView<IReadOnlyList<RecordedEvent>, RecordedEvent> View = new(
        NyalaJson.Wire.IReadOnlyListRecordedEvent,
        ["ID", "CREATED", "TYPE", "SITE", "DEPLOYMENT"],
        one => [one.Id, Display.Time(one.Created), one.Type, one.Site, one.Deployment],
        "no matching events.");

    public static Command Create(CommandEnvironment environment)
    {
        var type = new Option<string?>("--type") { Description = "Only events of this type.", HelpName = "type" };
        var deployment = new Option<string?>("--deployment") { Description = "Only events about this deployment.", HelpName = "id" };
        var command = new Command("list", "List accepted events, newest first.") { type, deployment };
        Option<DateTimeOffset?> since = TimeOption.AddTo(command, environment, "--since", "Only events accepted at or after this time");
        Option<DateTimeOffset?> until = TimeOption.AddTo(command, environment, "--until", "Only events accepted before this time");
        Option<int> limit = LimitOption.AddTo(command);
        return View.AddTo(command, environment, async (parsed, client, cancellationToken) =>
        {
            var search = new EventSearch
            {
                Type = parsed.GetValue(type),
                Deployment = parsed.GetValue(deployment) is { } about ? (await DeploymentLookup.FindAsync(client, about, cancellationToken)).Id : null,
                Since = parsed.GetValue(since),
                Until = parsed.GetValue(until),
            };
            return await client.ListEventsAsync(search, parsed.GetValue(limit), cancellationToken).ToListAsync(cancellationToken);
        });
    }
}
