using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Deployments;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Events;

/// <summary><c>nyala events list</c>.</summary>
internal static class EventsList
{
    private const int UsualLimit = 100;

    private static readonly IReadOnlyList<string> Columns = ["ID", "CREATED", "TYPE", "SITE", "DEPLOYMENT"];

    public static Command Create(Surroundings surroundings)
    {
        var type = new Option<string?>("--type") { Description = "Only those of this type.", HelpName = "type" };
        var deployment = new Option<string?>("--deployment") { Description = "Only those about this deployment.", HelpName = "id" };
        var command = new Command("list", "Lists the events that were accepted, newest first.") { type, deployment };
        Option<DateTimeOffset?> since = TimeOption.AddTo(command, surroundings, "--since", "Only those from then on.");
        Option<DateTimeOffset?> until = TimeOption.AddTo(command, surroundings, "--until", "Only those before then.");
        Option<int?> limit = LimitOption.AddTo(command);
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                var search = new EventSearch
                {
                    Type = parsed.GetValue(type),
                    Deployment = parsed.GetValue(deployment) is { } about ? (await WhichDeployment.FindAsync(client, about, cancellationToken)).Id : null,
                    Since = parsed.GetValue(since),
                    Until = parsed.GetValue(until),
                };
                List<RecordedEvent> events = await client.ListEventsAsync(search, parsed.GetValue(limit) ?? UsualLimit, cancellationToken).ToListAsync(cancellationToken);
                if (events.Count == 0)
                {
                    await connection.RequireSiteAsync(parsed, surroundings, client, cancellationToken);
                }

                if (json.TryPrint<IReadOnlyList<RecordedEvent>>(parsed, surroundings, events, NyalaJson.Wire.IReadOnlyListRecordedEvent))
                {
                    return ExitCode.Done;
                }

                if (events.Count == 0)
                {
                    surroundings.Error.WriteLine("nyala: no such events.");
                    return ExitCode.Done;
                }

                Tables.Print(surroundings, Columns, events.Select(one => (string?[])[one.Id, Text.Time(one.Created), one.Type, one.Site, one.Deployment]));
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}
