using System.CommandLine;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks</c>: manages hooks.</summary>
internal static class HooksCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("hooks", "Add, list, test, change and remove hooks.")
        {
            HooksAdd.Create(environment),
            HooksList.Create(environment),
            HooksShow.Create(environment),
            HooksSet.Create(environment),
            HooksRemove.Create(environment),
            HooksPing.Create(environment),
            HooksPreview.Create(environment),
        };
        foreach (Command verb in HooksState.Create(environment))
        {
            command.Add(verb);
        }

        command.Add(HooksRotateSecret.Create(environment));
        return command;
    }
}
