using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deliveries;

/// <summary><c>nyala deliveries show</c>.</summary>
internal static class DeliveriesShow
{
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = WhichRecord.Delivery };
        var command = new Command("show", "Shows a delivery: what was sent, every attempt, what was answered and how long it took.") { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                Delivery delivery = await client.GetDeliveryAsync(await WhichRecord.DeliveryAsync(client, parsed.GetRequiredValue(id), cancellationToken), cancellationToken);
                if (!json.TryPrint(parsed, surroundings, delivery, NyalaJson.Wire.Delivery))
                {
                    DeliveryView.Print(surroundings, delivery);
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}
