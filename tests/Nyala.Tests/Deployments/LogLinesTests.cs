using CsCheck;
using Nyala.Client;
using Nyala.Server.Deployments;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Tests.Deployments;

/// <summary>The lines that are kept of one request.</summary>
public sealed class LogLinesTests
{
    private const int Limit = 10 * 1024 * 1024;

    [Fact]
    public void A_million_empty_lines_are_cut_to_the_log_limit_and_split_into_small_pieces()
    {
        var lines = new LogLines(TextMask.TokensOnly, Limit);
        foreach (string line in RunLogs.SplitLines(new string('\n', 1_000_000)))
        {
            lines.Add(new LogLine { Message = line });
        }

        LogBatch[] pieces = [.. lines.Pieces()];

        Assert.InRange(pieces.Sum(piece => piece.Lines.Count), Limit / LogExtent.EntryBytes / 2, (Limit / LogExtent.EntryBytes) + 1);
        Assert.All(pieces, piece => Assert.InRange(piece.Lines.Count, 1, LogLines.MaxInPiece));
        Assert.Equal(1_000_000, pieces.Sum(piece => piece.Lines.Count + piece.Dropped));
    }

    [Fact]
    public void The_first_and_the_last_lines_stay_in_order_and_the_dropped_lines_are_counted() =>
        Gen.Select(Gen.Int[0, 100].Array[0, 60], Gen.Int[64, 3000], Gen.Int[1, 40]).Sample((lengths, bytes, most) =>
        {
            LogLine[] all = [.. lengths.Select((length, i) => new LogLine { Message = $"{i}".PadRight(length) })];
            var lines = new LogLines(TextMask.TokensOnly, bytes, most);
            Array.ForEach(all, lines.Add);

            var kept = new List<LogLine?>();
            foreach (LogBatch piece in lines.Pieces())
            {
                kept.AddRange(Enumerable.Repeat<LogLine?>(null, (int)piece.Dropped));
                kept.AddRange(piece.Lines);
            }

            Assert.Equal(all.Length, kept.Count);
            Assert.All(kept.Zip(all), pair => Assert.True(pair.First is null || pair.First == pair.Second));
            Assert.True(kept.Count(line => line is not null) <= most);
            Assert.True(lines.Dropped == 0 || all.Sum(line => LogExtent.BytesOf(line.Message)) > bytes / 2 || all.Length > most);
        });

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\r\nb\rc\n\nd\u2028e", new[] { "a", "b", "c", "", "d", "e" })]
    [InlineData("\n", new[] { "" })]
    public void SplitLines_splits_at_every_common_line_ending(string text, string[] lines) => Assert.Equal(lines, RunLogs.SplitLines(text));
}
