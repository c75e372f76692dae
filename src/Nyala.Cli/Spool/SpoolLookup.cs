using System.CommandLine;
using Nyala.Cli.Connection;

namespace Nyala.Cli.Spool;

/// <summary>Finds the store for a verb by the address of the server that its reports are for, without calling that server.</summary>
internal static class SpoolLookup
{
    public static Option<string?> Option(string description) => new("--server") { Description = description, HelpName = "url" };

    /// <summary>Returns the store of an address. Without an address, returns the only store that contains reports.</summary>
    /// <param name="stateFolder">The state folder.</param>
    /// <param name="named">The address; null for the only store.</param>
    /// <param name="except">An address whose store is ignored; null to ignore none.</param>
    /// <exception cref="CommandFailure">No store matches, several stores match, or the address is not valid.</exception>
    public static SpoolSummary Find(string stateFolder, string? named, Uri? except = null)
    {
        IReadOnlyList<SpoolSummary> all = [.. ReportStore.Summaries(stateFolder).Where(sum => except is null || sum.Address != ServerAddress.Canonical(except))];
        if (named is null)
        {
            return all switch
            {
                [] => throw new CommandFailure("the spool is empty."),
                [var only] => only,
                _ => throw CommandFailure.Usage($"the spool has reports for more than one server: {Listed(all)}. Specify one with --server."),
            };
        }

        if (ServerAddress.Parse(named) is not { } address)
        {
            throw CommandFailure.Usage($"--server must be {ServerAddress.Form}.");
        }

        return all.FirstOrDefault(sum => sum.Address == ServerAddress.Canonical(address))
            ?? throw new CommandFailure($"no reports are waiting for {ServerAddress.Canonical(address)}{(all.Count == 0 ? "" : $"; the spool has {Listed(all)}")}.");
    }

    /// <summary>Takes the lock of a store, so that no process sends its reports.</summary>
    /// <exception cref="CommandFailure">Another process is sending.</exception>
    public static IDisposable Lock(SpoolSummary sum) =>
        sum.Store.TryLock() ?? throw new CommandFailure($"another nyala process is sending to {sum.Address}. Try again when it is done.");

    private static string Listed(IEnumerable<SpoolSummary> sums) => string.Join(", ", sums.Select(sum => sum.Text));
}
