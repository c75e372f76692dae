using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Deliveries;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Events;

/// <summary><c>nyala events show</c>.</summary>
internal static class EventsShow
{
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = WhichRecord.Event };
        var command = new Command("show", "Shows an event, and what became of it at each hook.") { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                RecordedEvent shown = await client.GetEventAsync(await WhichRecord.EventAsync(client, parsed.GetRequiredValue(id), cancellationToken), cancellationToken);
                if (!json.TryPrint(parsed, surroundings, shown, NyalaJson.Wire.RecordedEvent))
                {
                    Print(surroundings, shown);
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    private static void Print(Surroundings surroundings, RecordedEvent shown)
    {
        Tables.PrintFields(
            surroundings,
            [
                ("id", shown.Id),
                ("type", shown.Type),
                ("site", shown.Site),
                ("deployment", shown.Deployment),
                ("created", Text.Time(shown.Created)),
                ("body", DeliveryView.Body(shown.Body, shown.BodyIsBase64 == true, cut: false)),
            ]);
        surroundings.Out.WriteLine();
        if (shown.Deliveries is { Count: > 0 } deliveries)
        {
            Tables.Print(surroundings, DeliveryView.Columns, deliveries.Select(DeliveryView.Row));
        }
        else
        {
            surroundings.Out.WriteLine("No hook was called for it.");
        }
    }
}
