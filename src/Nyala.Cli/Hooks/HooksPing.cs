using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Deliveries;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks ping</c>: exits with 0 if the receiver accepted the ping, otherwise with 1.</summary>
internal static class HooksPing
{
    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string>("id") { Description = HookLookup.Description };
        var command = new Command("ping", "Send a ping to a hook now and print the response. Works even if the hook is paused or held.") { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                Hook hook = await client.GetHookAsync(await HookLookup.IdAsync(client, parsed.GetRequiredValue(id), cancellationToken), cancellationToken);
                if (hook.State == "gone")
                {
                    throw new CommandFailure($"hook {hook.Id} is gone. {hook.StateReason} Nothing is sent to it. To bring it back, run \"nyala hooks restore {hook.Id}\".".Replace("  ", " ", StringComparison.Ordinal));
                }

                Delivery ping = await client.PingHookAsync(hook.Id, cancellationToken);
                bool printed = json.TryPrint(parsed, environment, ping, NyalaJson.Wire.Delivery);
                string outcome = Outcome(hook, ping);
                if (ping.State != "delivered")
                {
                    throw new CommandFailure(outcome);
                }

                if (!printed)
                {
                    environment.Out.WriteLine(TerminalText.OneLine(outcome));
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    /// <summary>Returns the result of the ping's attempt in one line.</summary>
    internal static string Outcome(Hook hook, Delivery ping)
    {
        DeliveryAttempt? attempt = ping.History is { Count: > 0 } attempts ? attempts[^1] : null;
        if (attempt?.Status is not { } status)
        {
            return $"{hook.Url} did not answer: {attempt?.Reason ?? ping.LastReason}";
        }

        string answered = $"{hook.Url} answered {DeliveryView.Status(status)} in {Display.Duration(TimeSpan.FromSeconds(attempt.DurationSeconds))}";
        string gone = ping.State == "gone" ? $". The hook is now gone, and nothing more is sent to it. To bring it back, run \"nyala hooks restore {hook.Id}\"" : "";

        // The status alone does not explain a redirect, or a success with an error in the body.
        string why = ping.State != "delivered" && status is >= 200 and <= 399 && attempt.Reason is { } reason ? $". {reason}" : "";
        return answered + gone + why + Beginning(attempt);
    }

    private static string Beginning(DeliveryAttempt attempt)
    {
        const int Most = 200;
        return DeliveryView.Body(attempt.Answer, attempt.AnswerIsBase64, attempt.AnswerIsCut) is { } body
            ? $": {(body.Length <= Most ? body : body[..(char.IsHighSurrogate(body[Most - 1]) ? Most - 1 : Most)] + "…")}"
            : "";
    }
}
