using System.CommandLine;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deliveries;

/// <summary><c>nyala deliveries show</c>.</summary>
internal static class DeliveriesShow
{
    private static readonly DetailView<Delivery> View = new(NyalaJson.Wire.Delivery, DeliveryView.Print);

    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string>("id") { Description = HistoryLookup.Delivery };
        var command = new Command("show", "Show a delivery: the request, and the response and duration of each attempt.") { id };
        return View.AddTo(command, environment, async (parsed, client, cancellationToken) =>
            await client.GetDeliveryAsync(await HistoryLookup.DeliveryAsync(client, parsed.GetRequiredValue(id), cancellationToken), cancellationToken));
    }
}
