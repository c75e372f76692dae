using System.CommandLine;
using System.Text.Json.Serialization;
using Nyala.Cli.Output;

namespace Nyala.Cli.Spool;

/// <summary><c>nyala spool list</c>: lists the reports for all servers, without calling a server.</summary>
internal static class SpoolList
{
    private static readonly ListView<IReadOnlyList<SpoolEntry>, SpoolEntry> View =
        new(SpoolEntryJson.Default.IReadOnlyListSpoolEntry, ["SERVER", "TIME", "SITE", "DEPLOYMENT", "REPORT", "STATE"], Row, "the spool is empty.");

    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("list", "List reports that wait to be sent, and reports that a server refused.");
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, _) =>
        {
            IReadOnlyList<SpoolEntry> entries = [.. ReportStore.All(environment.StateFolder).SelectMany(store => Entries(store.Store, store.Address))];
            View.Print(parsed, environment, json, entries);
            foreach (SpoolSummary sum in json.IsGiven(parsed) ? [] : ReportStore.Summaries(environment.StateFolder))
            {
                environment.Error.WriteLine($"nyala: {TerminalText.OneLine(sum.Text)}.");
            }

            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static IEnumerable<SpoolEntry> Entries(ReportStore store, string address) =>
    [
        .. store.Refused().Select(refused => Entry(address, refused.Name, Try(() => store.ReadRefused(refused.Name)), refused.Reason)),
        .. store.Names().Select(name => Entry(address, name, Try(() => store.Read(name)), null)),
    ];

    private static SpoolEntry Entry(string address, string name, SpooledReport? report, string? refused) => new(
        address, SpoolName.TimeOf(name)!.Value.UtcDateTime, report?.Site, report?.Id ?? "?", report?.Kind ?? "not readable", refused);

    // Another process may have sent it since it was listed.
    private static SpooledReport? Try(Func<SpooledReport?> read)
    {
        try
        {
            return read();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static IReadOnlyList<string> Row(SpoolEntry entry) =>
    [
        entry.Server, Display.Time(entry.Time), entry.Site ?? "", entry.Id, entry.Kind, entry.Refused is null ? "waiting" : $"refused: {entry.Refused}",
    ];
}

/// <summary>One report in the list.</summary>
internal sealed record SpoolEntry(
    [property: JsonPropertyName("server")] string Server,
    [property: JsonPropertyName("time")] DateTime Time,
    [property: JsonPropertyName("site")] string? Site,
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("report")] string Kind,
    [property: JsonPropertyName("refused")] string? Refused);

[JsonSerializable(typeof(IReadOnlyList<SpoolEntry>))]
internal sealed partial class SpoolEntryJson : JsonSerializerContext;
