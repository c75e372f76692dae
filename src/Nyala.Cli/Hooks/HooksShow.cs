using System.CommandLine;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks show</c>.</summary>
internal static class HooksShow
{
    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string>("id") { Description = HookLookup.Description };
        var command = new Command("show", "Show a hook and the result of its last attempt.") { id };
        return HookView.Detail.AddTo(command, environment, async (parsed, client, cancellationToken) =>
            await client.GetHookAsync(await HookLookup.IdAsync(client, parsed.GetRequiredValue(id), cancellationToken), cancellationToken));
    }
}
