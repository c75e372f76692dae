using System.CommandLine;

namespace Nyala.Cli.Spool;

/// <summary><c>nyala spool discard</c>: only with <c>--yes</c>, since nobody else has these reports.</summary>
internal static class SpoolDiscard
{
    public static Command Create(Surroundings surroundings)
    {
        Option<string?> server = SpoolAddress.Option("The address whose reports are dropped. Default: the only one that reports wait for.");
        var yes = new Option<bool>("--yes") { Description = "Yes, drop them: they are nowhere else." };
        var command = new Command("discard", "Drops the reports for a server, those that it refused too.") { server, yes };
        command.SetVerb(surroundings, (parsed, _) =>
        {
            SpoolSum sum = SpoolAddress.Find(surroundings.StateFolder, parsed.GetValue(server));
            if (!parsed.GetValue(yes))
            {
                throw CommandFailure.Usage($"this drops {sum.Text} for good: say --yes if you mean it.");
            }

            using IDisposable locked = SpoolAddress.Lock(sum);
            int count = sum.Store.Discard();
            surroundings.Error.WriteLine($"nyala: dropped {count} for {sum.Address}.");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
