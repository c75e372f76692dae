using Microsoft.Extensions.Time.Testing;
using Nyala.Cli.Run;
using Nyala.Client;

namespace Nyala.Tests.Cli;

public sealed class RunLogTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Lines_are_returned_in_order_with_their_times()
    {
        var log = new RunLog(_clock, () => { });
        DateTimeOffset first = _clock.GetUtcNow();
        log.Add("one");
        _clock.Advance(TimeSpan.FromSeconds(1));
        log.Add("two");

        IReadOnlyList<LogLine> lines = log.Take();

        Assert.Equal([("one", first), ("two", first.AddSeconds(1))], lines.Select(line => (line.Message, line.LogTime!.Value)));
        Assert.Empty(log.Take());
    }

    [Fact]
    public void A_full_batch_is_signaled_once_and_returned_in_parts()
    {
        int told = 0;
        var log = new RunLog(_clock, () => told++);
        for (int i = 0; i < 30; i++)
        {
            log.Add(new string('x', 8000));
        }

        Assert.Equal(1, told);
        Assert.InRange(log.Take().Count, 8, 9);
    }

    [Fact]
    public void Beyond_the_capacity_the_middle_of_a_log_is_replaced_with_a_notice()
    {
        var log = new RunLog(_clock, () => { }, capacity: 20_000);
        for (int i = 0; i < 10_000; i++)
        {
            log.Add($"line {i:D4}");
        }

        List<string> before = TakeAll(log);
        log.Close();
        List<string> after = TakeAll(log);

        Assert.Equal("line 0000", before[0]);
        Assert.Equal(10_000 / 73, before.Count);
        Assert.Equal($"nyala: {10_000 - before.Count - (after.Count - 1)} lines ({9 * (10_000 - before.Count - (after.Count - 1))} bytes) were omitted here: a deployment log is limited to 19 KiB.", after[0]);
        Assert.Equal("line 9999", after[^1]);
        Assert.Equal(10_000 / 73, after.Count - 1);
    }

    [Fact]
    public void A_log_within_the_capacity_has_no_notice()
    {
        var log = new RunLog(_clock, () => { }, capacity: 1_000);
        for (int i = 0; i < 10; i++)
        {
            log.Add("x");
        }

        log.Close();

        Assert.Equal(10, TakeAll(log).Count);
    }

    private static List<string> TakeAll(RunLog log)
    {
        var all = new List<string>();
        IReadOnlyList<LogLine> lines;
        while ((lines = log.Take()).Count > 0)
        {
            all.AddRange(lines.Select(line => line.Message));
        }

        return all;
    }
}
