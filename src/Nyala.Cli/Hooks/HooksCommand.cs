using System.CommandLine;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks</c>: callback URLs and what they are called for.</summary>
internal static class HooksCommand
{
    public static Command Create(Surroundings surroundings) => new("hooks", "Callback URLs: subscribe, look at, try and remove them.")
    {
        HooksAdd.Create(surroundings),
        HooksList.Create(surroundings),
        HooksShow.Create(surroundings),
        HooksRemove.Create(surroundings),
        HooksPing.Create(surroundings),
    };
}
