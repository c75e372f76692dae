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

        Assert.Equal(first + 1, second);
        Assert.True(third > second + 1_000_000);
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

        Assert.Equal(before + 1, ids.Next());
    }

    [Fact]
    public void Ids_grow_even_if_the_clock_is_set_back_between_two_starts()
    {
        long taken = new IdSource(_clock).Next();
        _clock.AdjustTime(_clock.GetUtcNow().AddHours(-1));

        Assert.Equal(taken + 1, new IdSource(_clock, taken).Next());
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

    private sealed class SettableClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
