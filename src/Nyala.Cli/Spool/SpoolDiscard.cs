using System.CommandLine;

namespace Nyala.Cli.Spool;

/// <summary><c>nyala spool discard</c>. It requires <c>--yes</c>, because these reports are stored nowhere else.</summary>
internal static class SpoolDiscard
{
    public static Command Create(CommandEnvironment environment)
    {
        Option<string?> server = SpoolLookup.Option("The server whose reports are discarded. Can be omitted if all reports are for one server.");
        var yes = new Option<bool>("--yes") { Description = "Confirm. The reports are not stored anywhere else." };
        var command = new Command("discard", "Discard the waiting and refused reports for a server.") { server, yes };
        command.SetVerbAction(environment, (parsed, _) =>
        {
            SpoolSummary sum = SpoolLookup.Find(environment.StateFolder, parsed.GetValue(server));
            if (!parsed.GetValue(yes))
            {
                throw CommandFailure.Usage($"this permanently discards {sum.Text}. Add --yes to confirm.");
            }

            using IDisposable locked = SpoolLookup.Lock(sum);
            int count = sum.Store.Discard();
            environment.Error.WriteLine($"nyala: discarded {count} for {sum.Address}.");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
