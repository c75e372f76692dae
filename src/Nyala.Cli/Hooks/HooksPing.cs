using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks ping</c>: 0 where the receiver answered 2xx, 1 where it did not.</summary>
internal static class HooksPing
{
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = "The hook's id." };
        var command = new Command("ping", "Calls one hook now, and says what its receiver answered.") { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                Hook hook = await client.PingHookAsync(parsed.GetRequiredValue(id), cancellationToken);
                bool printed = json.TryPrint(parsed, surroundings, hook, NyalaJson.Wire.Hook);
                if (HookView.Answered(hook))
                {
                    if (!printed)
                    {
                        surroundings.Out.WriteLine(Text.OneLine($"{hook.Url} answered {HookView.Last(hook)}"));
                    }

                    return ExitCode.Done;
                }

                throw new CommandFailure(Outcome(hook));
            },
            cancellationToken));
        return command;
    }

    /// <summary>What went wrong, in one line.</summary>
    internal static string Outcome(Hook hook)
    {
        if (hook.LastStatus is null)
        {
            return $"{hook.Url} has not been called yet: the hook is {hook.State}.";
        }

        string reason = string.IsNullOrEmpty(hook.LastReason) ? "" : $": {hook.LastReason}";
        return hook.LastStatus == "Failure" ? $"{hook.Url} did not answer{reason}" : $"{hook.Url} answered {HookView.Last(hook)}{reason}";
    }
}
