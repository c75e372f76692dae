using System.CommandLine;

namespace Nyala.Cli.Demo;

/// <summary><c>nyala demo</c>.</summary>
internal static class DemoCommand
{
    public static Command Create(Surroundings surroundings)
    {
        _ = surroundings;
        return new Command("demo", "Shows the main job in one go.");
    }
}
