using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Hooks;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deliveries;

/// <summary>
/// <c>nyala deliveries redeliver</c>: exits with 0 if the receiver responded with 2xx, otherwise with 1. With <c>--hook</c>, exits with 0 once the redelivery
/// has started, or with 1 if it has already ended early.
/// </summary>
internal static class DeliveriesRedeliver
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly string[] States = ["failed", "delivered", "gone"];

    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string?>("id") { Description = HistoryLookup.Delivery + " Omit it to use --hook and --since.", Arity = ArgumentArity.ZeroOrOne };
        var hook = new Option<string?>("--hook") { Description = "Redeliver many deliveries of this hook: its ID, part of the ID, or its URL. Requires --since.", HelpName = "hook" };
        Option<string?> state = new Option<string?>("--state") { Description = "With --hook: only deliveries in this state. Default: failed." }.AcceptOnlyFromAmong(States);
        var wait = new Option<bool>("--wait") { Description = "With --hook: wait until all deliveries are requeued, and show progress." };
        var command = new Command("redeliver", "Redeliver one ended delivery, or many of a hook.") { id, hook, state, wait };
        Option<DateTimeOffset?> since = TimeOption.AddTo(command, environment, "--since", "With --hook: only events accepted at or after this time");
        Option<DateTimeOffset?> until = TimeOption.AddTo(command, environment, "--until", "With --hook: only events accepted before this time", defaultValue: "now");
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.Validators.Add(result =>
        {
            bool many = result.GetValue(hook) is not null;
            if (many == (result.GetValue(id) is not null))
            {
                result.AddError("specify a delivery ID, or --hook with --since.");
            }
            else if (many && result.GetResult(since) is null)
            {
                result.AddError("--hook requires --since, for example --since 2h.");
            }
            else if (!many && (result.GetValue(wait) || result.GetResult(since) is not null || result.GetResult(until) is not null || result.GetValue(state) is not null))
            {
                result.AddError("--since, --until, --state and --wait require --hook.");
            }
        });
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            client => parsed.GetValue(hook) is { } ofHook
                ? ManyAsync(
                    client,
                    ofHook,
                    new RedeliveryRequest { Since = parsed.GetValue(since)!.Value, Until = parsed.GetValue(until), State = parsed.GetValue(state) },
                    parsed.GetValue(wait),
                    redelivery => json.TryPrint(parsed, environment, redelivery, NyalaJson.Wire.Redelivery),
                    environment,
                    cancellationToken)
                : OneAsync(client, parsed.GetValue(id)!, delivery => json.TryPrint(parsed, environment, delivery, NyalaJson.Wire.Delivery), environment, cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> OneAsync(
        NyalaClient client, string id, Func<Delivery, bool> printed, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        string delivered = await HistoryLookup.DeliveryAsync(client, id, cancellationToken);
        int before = (await client.GetDeliveryAsync(delivered, cancellationToken)).Attempts;
        Delivery delivery = await client.RedeliverAsync(delivered, cancellationToken: cancellationToken);
        bool told = printed(delivery);
        if (delivery.State != "delivered")
        {
            throw new CommandFailure(DeliveryView.Outcome(delivery, before));
        }

        if (!told)
        {
            environment.Out.WriteLine(TerminalText.OneLine(DeliveryView.Outcome(delivery, before)));
        }

        return ExitCode.Done;
    }

    private static async Task<int> ManyAsync(
        NyalaClient client, string given, RedeliveryRequest request, bool wait, Func<Redelivery, bool> printed, CommandEnvironment environment,
        CancellationToken cancellationToken)
    {
        string hook = await HookLookup.IdAsync(client, given, cancellationToken);
        Redelivery redelivery = await client.RedeliverManyAsync(hook, request, cancellationToken);
        while (wait && redelivery.Ended is null)
        {
            environment.Error.WriteLine($"nyala: redelivery {redelivery.Id}: {redelivery.Done} requeued.");
            await Task.Delay(PollInterval, environment.Clock, cancellationToken);
            redelivery = await client.GetRedeliveryAsync(redelivery.Id, cancellationToken);
        }

        if (!printed(redelivery))
        {
            environment.Out.WriteLine(redelivery.Ended is null
                ? $"redelivery {redelivery.Id} started. To see the results, run \"nyala deliveries list --hook {hook}\""
                : $"redelivery {redelivery.Id} requeued {redelivery.Done} {(redelivery.Done == 1 ? "delivery" : "deliveries")}");
        }

        return redelivery.Reason is { } reason ? throw new CommandFailure($"redelivery {redelivery.Id} ended early: {reason}") : ExitCode.Done;
    }
}
