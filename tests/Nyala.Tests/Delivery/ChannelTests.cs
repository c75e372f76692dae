using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>A channel that is not HTTP, from the event to the history, and the limits of its accounts and its format.</summary>
public sealed class ChannelTests : IAsyncLifetime
{
    private const string Shared = "http://shared.invalid";

    private readonly SignalClock _clock = new();
    private readonly MemoryChannel _channel;
    private PlainFormat _format = new();
    private TestServer? _server;

    public ChannelTests() => _channel = new MemoryChannel(_clock);

    private TestServer Server => _server!;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.StartAsync(null, _clock, services => services.AddTargets(Move));

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task An_event_reaches_the_receiver_of_another_channel_and_the_history_shows_it()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, "http://alone.invalid/place");

        await hook.PublishAsync("1");

        Assert.Equal(new Carried("http://alone.invalid/place", _clock.GetUtcNow(), "1"), await _channel.NextAsync());
        Assert.Equal("Stored", (await hook.ReadAsync())["last_status"]);
        AttemptRecord attempt = await hook.AttemptAsync();
        Assert.Equal((0, null, null, null), (attempt.Status, attempt.Reason, attempt.Request, attempt.AnswerHeaders));
        Assert.Equal("delivered", (await Server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook.Id}/ping"))["state"]);
    }

    [Fact]
    public async Task Hooks_of_one_account_share_its_rate_and_no_other_hook_waits()
    {
        const int Hooks = 4;
        const int Each = 3;
        string type = Some.EventType();
        for (int i = 0; i < Hooks; i++)
        {
            await Server.SubscribeAsync(new Uri($"{Shared}/{i}"), type);
        }

        HookUnderTest other = await HookUnderTest.AddAsync(Server, "http://alone.invalid/");
        for (int i = 0; i < Each; i++)
        {
            await Server.SendAsync(HttpMethod.Post, $"/api/hooks/publish/{type}", $"{i}");
            await other.PublishAsync($"{i}");
        }

        List<Carried> all = await TakeAsync((Hooks + 1) * Each);

        Assert.Equal(Each, all.Count(one => one.Place == "http://alone.invalid/" && one.Time == SignalClock.Beginning));
        Carried[] limited = [.. all.Where(one => one.Place.StartsWith(Shared, StringComparison.Ordinal))];
        Assert.Equal(Hooks * Each, limited.Length);
        Assert.Equal(SignalClock.Beginning, limited[0].Time);
        AssertOneASecond(limited);
        Assert.All(limited.GroupBy(one => one.Place), place => Assert.Equal(["0", "1", "2"], place.Select(one => one.Text).Order()));
    }

    [Fact]
    public async Task The_rate_of_the_format_applies_to_a_hook_that_has_none()
    {
        _format = new PlainFormat { Facts = new FormatFacts("plain", "tests") { Rate = 60 } };
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, "http://alone.invalid/");
        for (int i = 0; i < 3; i++)
        {
            await hook.PublishSoonAsync($"{i}");
        }

        AssertOneASecond(await TakeAsync(3));
    }

    [Fact]
    public async Task The_rate_of_a_hook_replaces_that_of_its_format()
    {
        _format = new PlainFormat { Facts = new FormatFacts("plain", "tests") { Rate = 60 } };
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, "http://alone.invalid/");
        Assert.Equal(200, (await Server.SendAsync(HttpMethod.Patch, $"/api/hooks/{hook.Id}", """{"rate":6000}""")).Code);
        for (int i = 0; i < 3; i++)
        {
            await hook.PublishAsync($"{i}");
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(SignalClock.Beginning, (await _channel.NextAsync()).Time);
        }
    }

    /// <summary>The test advances the clock while attempts are made, so an attempt may be seen later than it was allowed, but never earlier.</summary>
    private static void AssertOneASecond(IEnumerable<Carried> attempts) =>
        Assert.All(attempts.Select(one => one.Time).Order(), (time, index) => Assert.InRange(time, SignalClock.Beginning.AddSeconds(index), DateTimeOffset.MaxValue));

    private async Task<List<Carried>> TakeAsync(int count)
    {
        var all = new List<Carried>();
        while (all.Count < count)
        {
            all.Add(await _clock.AdvanceUntilAsync(TimeSpan.FromMilliseconds(250), _channel.NextAsync()));
        }

        return all;
    }

    private MemoryTarget Move(HookRecord hook) => new(_channel, _format, hook.Url)
    {
        Account = hook.Url.StartsWith(Shared, StringComparison.Ordinal) ? new Account("shared", 60) : null,
    };
}
