using System.CommandLine;
using Nyala.Cli.Deliveries;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Events;

/// <summary><c>nyala events show</c>.</summary>
internal static class EventsShow
{
    private static readonly DetailView<RecordedEvent> View = new(NyalaJson.Wire.RecordedEvent, Print);

    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string>("id") { Description = HistoryLookup.Event };
        var command = new Command("show", "Show an event and its delivery to each hook.") { id };
        return View.AddTo(command, environment, async (parsed, client, cancellationToken) =>
            await client.GetEventAsync(await HistoryLookup.EventAsync(client, parsed.GetRequiredValue(id), cancellationToken), cancellationToken));
    }

    private static void Print(CommandEnvironment environment, RecordedEvent shown)
    {
        Tables.PrintFields(
            environment,
            [
                ("id", shown.Id),
                ("type", shown.Type),
                ("site", shown.Site),
                ("deployment", shown.Deployment),
                ("created", Display.Time(shown.Created)),
                ("body", DeliveryView.Body(shown.Body, shown.BodyIsBase64 == true, cut: false)),
            ]);
        environment.Out.WriteLine();
        if (shown.Deliveries is { Count: > 0 } deliveries)
        {
            Tables.Print(environment, DeliveryView.Columns, deliveries.Select(DeliveryView.Row));
        }
        else
        {
            environment.Out.WriteLine("No hook matched it.");
        }
    }
}
