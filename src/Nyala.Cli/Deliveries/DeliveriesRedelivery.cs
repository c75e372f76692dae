using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Hooks;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deliveries;

/// <summary><c>nyala deliveries redelivery</c>: shows the progress of a bulk redelivery, or stops it.</summary>
internal static class DeliveriesRedelivery
{
    private static readonly IdLookup<Redelivery> Redeliveries = new("redelivery", one => one.Id, _ => [], one => one.Id);

    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string>("id") { Description = "The redelivery's ID. With --hook, its first or last four or more characters, or latest." };
        var hook = new Option<string?>("--hook") { Description = "The redelivery's hook: its ID, part of the ID, or its URL.", HelpName = "hook" };
        var stop = new Option<bool>("--stop") { Description = "Stop the redelivery. Deliveries that it already requeued continue." };
        var command = new Command("redelivery", "Show the progress of a bulk redelivery, or stop it.") { id, hook, stop };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                string which = await WhichAsync(client, parsed.GetRequiredValue(id), parsed.GetValue(hook), cancellationToken);
                Redelivery redelivery = await (parsed.GetValue(stop) ? client.StopRedeliveryAsync(which, cancellationToken) : client.GetRedeliveryAsync(which, cancellationToken));
                if (!json.TryPrint(parsed, environment, redelivery, NyalaJson.Wire.Redelivery))
                {
                    string state = redelivery.Ended is { } ended ? $"ended at {Display.Time(ended)}" : "is running";
                    string reason = string.IsNullOrEmpty(redelivery.Reason) ? "" : $": {redelivery.Reason}";
                    environment.Out.WriteLine(TerminalText.OneLine($"redelivery {redelivery.Id} {state}; {redelivery.Done} deliveries requeued{reason}"));
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    /// <summary>Returns the redelivery's ID. The ID can be shortened only if the hook is given, because redeliveries are listed by hook.</summary>
    private static async Task<string> WhichAsync(NyalaClient client, string text, string? hook, CancellationToken cancellationToken)
    {
        if (hook is null)
        {
            return text != "latest" ? text : throw CommandFailure.Usage("latest requires --hook.");
        }

        string of = await HookLookup.IdAsync(client, hook, cancellationToken);
        return await Redeliveries.IdAsync(
            text, read: null, async () => await client.ListRedeliveriesAsync(of, cancellationToken: cancellationToken).ToListAsync(cancellationToken));
    }
}
