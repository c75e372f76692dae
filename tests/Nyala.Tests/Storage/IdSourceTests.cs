using Microsoft.Extensions.Time.Testing;
using Nyala.Server.Storage;

namespace Nyala.Tests.Storage;

public sealed class IdSourceTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 2, 27, 17, 45, 6, TimeSpan.Zero));

    [Fact]
    public void Ids_grow_within_a_millisecond_and_with_time()
    {
        var ids = new IdSource(_clock);
        long first = ids.Next();
        long second = ids.Next();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        long third = ids.Next();

        Assert.Equal(first + IdSource.Stride, second);
        Assert.True(third > second + 1_000_000);
    }

    [Fact]
    public void An_id_tells_the_millisecond_in_which_it_was_issued()
    {
        _clock.Advance(TimeSpan.FromMilliseconds(123));

        Assert.Equal(_clock.GetUtcNow(), IdSource.TimeOf(new IdSource(_clock, node: IdSource.MaxNode).Next()));
    }

    [Fact]
    public void A_server_that_starts_later_gives_greater_ids()
    {
        long before = new IdSource(_clock).Next();
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(new IdSource(_clock).Next() > before);
    }

    [Fact]
    public void Ids_grow_even_if_the_clock_is_set_back()
    {
        var clock = new SettableClock(_clock.GetUtcNow());
        var ids = new IdSource(clock);
        long before = ids.Next();
        clock.Now -= TimeSpan.FromDays(3);

        Assert.Equal(before + IdSource.Stride, ids.Next());
    }

    [Fact]
    public void Ids_grow_even_if_the_clock_is_set_back_between_two_starts()
    {
        long taken = new IdSource(_clock).Next();
        _clock.AdjustTime(_clock.GetUtcNow().AddHours(-1));

        Assert.Equal(taken + IdSource.Stride, new IdSource(_clock, taken).Next());
    }

    [Fact]
    public void Ids_are_positive_from_1999_to_2088()
    {
        Assert.True(new IdSource(new SettableClock(new DateTimeOffset(1999, 1, 1, 0, 0, 0, TimeSpan.Zero))).Next() > 0);
        Assert.True(new IdSource(new SettableClock(new DateTimeOffset(2088, 1, 1, 0, 0, 0, TimeSpan.Zero))).Next() > 0);
    }

    [Fact]
    public void Many_threads_get_no_id_twice()
    {
        var ids = new IdSource(_clock);
        long[][] taken = new long[8][];
        Parallel.For(0, taken.Length, thread => taken[thread] = [.. Enumerable.Range(0, 20_000).Select(_ => ids.Next())]);

        Assert.Equal(160_000, taken.SelectMany(own => own).Distinct().Count());
        Assert.All(taken, own => Assert.Equal(own.Order(), own));
    }

    [Fact]
    public void Nodes_with_the_same_clock_never_issue_the_same_id()
    {
        IdSource[] nodes = [.. new[] { 0, 1, 512, IdSource.MaxNode }.Select(node => new IdSource(_clock, newest: 0, node))];
        List<long> ids = [.. Enumerable.Range(0, 5000).SelectMany(_ => nodes.Select(node => node.Next()))];

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids.Chunk(nodes.Length), round => Assert.Equal([0, 1, 512, IdSource.MaxNode], round.Select(id => id % IdSource.Stride)));
    }

    [Fact]
    public void A_node_starts_above_the_newest_id_of_every_node()
    {
        long taken = new IdSource(_clock, newest: 0, IdSource.MaxNode).Next();

        Assert.True(new IdSource(_clock, taken, node: 3).Next() > taken);
    }

    [Fact]
    public void Several_ids_are_consecutive_and_the_next_id_follows_them()
    {
        var ids = new IdSource(_clock, newest: 0, node: 5);
        long first = ids.Next(10_000);

        Assert.Equal(first + (10_000 * IdSource.Stride), ids.Next());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1024)]
    public void A_node_number_outside_of_its_bits_is_refused(int node) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new IdSource(_clock, newest: 0, node));

    private sealed class SettableClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
