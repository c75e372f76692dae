using System.CommandLine;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks</c>: callback URLs and what they are called for.</summary>
internal static class HooksCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("hooks", "Add, list, test, change and remove hooks.")
        {
            HooksAdd.Create(surroundings),
            HooksList.Create(surroundings),
            HooksShow.Create(surroundings),
            HooksSet.Create(surroundings),
            HooksRemove.Create(surroundings),
            HooksPing.Create(surroundings),
        };
        foreach (Command verb in HooksState.Create(surroundings))
        {
            command.Add(verb);
        }

        command.Add(HooksRotateSecret.Create(surroundings));
        return command;
    }
}
