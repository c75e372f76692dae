using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deliveries;

/// <summary><c>nyala deliveries redelivery</c>: how far a redelivery of many is, or its end.</summary>
internal static class DeliveriesRedelivery
{
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = "The redelivery's id, as \"nyala deliveries redeliver --hook\" prints it." };
        var stop = new Option<bool>("--stop") { Description = "End it: deliveries that it has begun anew go on." };
        var command = new Command("redelivery", "Shows how far a redelivery of many is, or ends it.") { id, stop };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                string which = parsed.GetRequiredValue(id);
                Redelivery redelivery = await (parsed.GetValue(stop) ? client.StopRedeliveryAsync(which, cancellationToken) : client.GetRedeliveryAsync(which, cancellationToken));
                if (!json.TryPrint(parsed, surroundings, redelivery, NyalaJson.Wire.Redelivery))
                {
                    string state = redelivery.Ended is { } ended ? $"ended at {Text.Time(ended)}" : "goes on";
                    string reason = string.IsNullOrEmpty(redelivery.Reason) ? "" : $": {redelivery.Reason}";
                    surroundings.Out.WriteLine(Text.OneLine($"redelivery {redelivery.Id} {state}; it has begun {redelivery.Done} deliveries anew{reason}"));
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}
