using System.CommandLine;

namespace Nyala.Cli.Spool;

/// <summary><c>nyala spool</c>: the reports of <c>nyala run</c> that a server has not accepted yet.</summary>
internal static class SpoolCommand
{
    public static Command Create(CommandEnvironment environment) => new("spool", "Manage reports from \"nyala run\" that have not been sent yet.")
    {
        SpoolList.Create(environment),
        SpoolSend.Create(environment),
        SpoolDiscard.Create(environment),
    };
}
