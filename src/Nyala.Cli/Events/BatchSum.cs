using System.Globalization;
using Nyala.Client;

namespace Nyala.Cli.Events;

/// <summary>What became of the lines of a batch.</summary>
internal sealed class BatchSum
{
    /// <summary>The number of new events.</summary>
    public int Published { get; private set; }

    /// <summary>The number of events that were published before under the same key.</summary>
    public int Replayed { get; private set; }

    /// <summary>The number of lines that the server refused, or whose key belongs to a different event.</summary>
    public int Refused { get; private set; }

    /// <summary>The first line that was not published.</summary>
    public int From { get; set; } = 1;

    /// <summary>The last line of the request whose response is missing, so that the server may have accepted it; null if there is no such request.</summary>
    public int? InDoubtTo { get; set; }

    /// <summary>Whether every line has a result.</summary>
    public bool Complete { get; set; }

    /// <summary>Whether anything was done. If the first request was not accepted, its error says all there is to say.</summary>
    public bool IsWorthSaying => Complete || InDoubtTo is not null || Published + Replayed + Refused > 0;

    /// <summary>Counts the result of a line.</summary>
    public void Add(PublishedLine result)
    {
        switch (result.Outcome)
        {
            case "accepted":
                Published++;
                break;
            case "replayed":
                Replayed++;
                break;
            default:
                Refused++;
                break;
        }
    }

    /// <summary>Returns the sum in words. If the batch was not sent to its end, says where it stopped.</summary>
    public override string ToString()
    {
        string counts = $"published {Number(Published)} {(Published == 1 ? "event" : "events")}{Part(Replayed, "replayed")}{Part(Refused, "refused")}.";
        return Complete ? counts
            : InDoubtTo is { } last ? $"{counts} Stopped: lines {From} to {last} may have been published, because their response is missing. Later lines were not."
            : $"{counts} Stopped: the lines from {From} on were not published.";
    }

    private static string Part(int count, string what) => count == 0 ? "" : $"; {Number(count)} {what}";

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
