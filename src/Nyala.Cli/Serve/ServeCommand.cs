using System.CommandLine;

namespace Nyala.Cli.Serve;

/// <summary><c>nyala serve</c>: hosts the server.</summary>
internal static class ServeCommand
{
    public static Command Create() => new("serve", "Runs the server.");
}
