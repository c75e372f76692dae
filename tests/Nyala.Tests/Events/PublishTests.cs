using System.Text;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Events;

/// <summary><c>POST /api/hooks/publish/{type}</c>.</summary>
public sealed class PublishTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;
    private readonly string _hooks = $"/sites/{Some.Site()}/api/hooks";

    [Fact]
    public async Task Publish_returns_200_and_an_empty_body_after_every_hook_was_called()
    {
        await using Receiver one = await Receiver.StartAsync();
        await using Receiver other = await Receiver.StartAsync();
        other.AnswerAlways(500);
        await _server.SubscribeAsync(one.Url, path: _hooks);
        await _server.SubscribeAsync(other.Url, path: _hooks);

        Reply reply = await PublishAsync("PostDeployment", "{}");

        Assert.Equal((200, ""), (reply.Code, reply.Text));
        Assert.Equal((1, 1), (one.Count, other.Count));
    }

    [Fact]
    public async Task Publish_without_a_matching_hook_returns_200() => Assert.Equal(200, (await PublishAsync(Some.EventType(), "{}")).Code);

    [Fact]
    public async Task Publish_waits_for_the_first_attempts()
    {
        await using Receiver quick = await Receiver.StartAsync();
        await using Receiver slow = await Receiver.StartAsync();
        slow.Hold();
        await _server.SubscribeAsync(quick.Url, path: _hooks);
        await _server.SubscribeAsync(slow.Url, path: _hooks);

        Task<Reply> publishing = PublishAsync("PostDeployment", "{}");
        await quick.NextAsync();
        await slow.NextAsync();

        Assert.False(publishing.IsCompleted);
        slow.Release();
        Assert.Equal(200, (await publishing.InTimeAsync()).Code);
    }

    [Fact]
    public async Task Publish_waits_at_most_10_seconds()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(options => options.Outbound.AttemptTimeout = TimeSpan.FromMinutes(2), clock);
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Hold();
        await server.SubscribeAsync(receiver.Url);

        Task<Reply> publishing = server.SendAsync(HttpMethod.Post, "/api/hooks/publish/PostDeployment", "{}");
        await clock.TimerAsync(TimeSpan.FromSeconds(10));
        await receiver.NextAsync();
        clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(publishing.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(200, (await publishing.InTimeAsync()).Code);
    }

    [Theory]
    [InlineData("respond-async")]
    [InlineData("Respond-Async, wait=10")]
    [InlineData("return=minimal, respond-async")]
    public async Task Publish_with_respond_async_returns_202_before_the_first_attempt_has_ended(string prefer)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Hold();
        await _server.SubscribeAsync(receiver.Url, path: _hooks);

        Reply reply = await _server.SendAsync(HttpMethod.Post, $"{_hooks}/publish/PostDeployment", "{}", ("Prefer", prefer));

        Assert.Equal((202, ""), (reply.Code, reply.Text));
        Assert.Equal("{}", (await receiver.NextAsync()).Text);
    }

    [Theory]
    [InlineData(nameof(HookState.Paused))]
    [InlineData(nameof(HookState.Disabled))]
    public async Task Publish_does_not_wait_for_a_paused_or_disabled_hook(string state)
    {
        await using TestServer server = await TestServer.StartAsync(clock: new SignalClock());
        await using Receiver receiver = await Receiver.StartAsync();
        string id = await server.SubscribeAsync(receiver.Url);
        await server.Store.WriteAsync(tables =>
        {
            tables.Hooks.SetState(long.Parse(id, null), Enum.Parse<HookState>(state), null, DateTimeOffset.UnixEpoch);
            return true;
        });

        Reply reply = await server.SendAsync(HttpMethod.Post, "/api/hooks/publish/PostDeployment", "{}").InTimeAsync();

        Assert.Equal(200, reply.Code);
        Assert.Equal(0, receiver.Count);
        Assert.Equal(DeliveryState.Pending, Assert.Single(await DeliveriesAsync(server, id)).State);
    }

    [Theory]
    [InlineData("PostDeployment", "PostDeployment")]
    [InlineData("PostDeployment", "POSTDEPLOYMENT")]
    [InlineData("postdeployment", "PostDeployment")]
    [InlineData("*", "anything.at:all-1_")]
    public async Task A_type_matches_in_any_case_and_a_star_matches_every_type(string subscribed, string published)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, subscribed, _hooks);

        await PublishAsync(published, "{}");

        Assert.Equal(published, (await receiver.NextAsync()).Header("Nyala-Event"));
    }

    [Fact]
    public async Task A_hook_of_another_type_or_site_gets_nothing()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, "PostDeployment", _hooks);
        await _server.SubscribeAsync(receiver.Url, "Other", $"/sites/{Some.Site()}/api/hooks");

        await PublishAsync("Other", "{}");
        await PublishAsync("PostDeploymentX", "{}");

        Assert.Equal(0, receiver.Count);
    }

    [Fact]
    public async Task A_hook_at_the_root_gets_the_events_of_every_site()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string type = Some.EventType();
        await _server.SubscribeAsync(receiver.Url, type);

        await PublishAsync(type, "1");
        await _server.SendAsync(HttpMethod.Post, $"/api/hooks/publish/{type}", "2");

        Assert.Equal("1", (await receiver.NextAsync()).Text);
        Assert.Equal("2", (await receiver.NextAsync()).Text);
    }

    [Theory]
    [InlineData("{ }")]
    [InlineData("{\"a\" :  1.0e3 ,\t\"a\":2,\r\n\"ü\\u00fc\":\"</x>\"}")]
    [InlineData("[1,2]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public async Task The_callers_JSON_is_sent_byte_for_byte(string body)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, path: _hooks);

        await PublishAsync("PostDeployment", body);

        Assert.Equal(Encoding.UTF8.GetBytes(body), (await receiver.NextAsync()).Body);
    }

    [Theory]
    [InlineData("", "The body is empty")]
    [InlineData("{", "The body is not JSON")]
    [InlineData("text", "The body is not JSON")]
    [InlineData("{}{}", "The body is not JSON")]
    public async Task Publish_with_a_body_that_is_not_JSON_returns_400_and_creates_no_delivery(string body, string reason)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string id = await _server.SubscribeAsync(receiver.Url, path: _hooks);

        Reply reply = await PublishAsync("PostDeployment", body);

        Assert.Equal(400, reply.Code);
        Assert.Contains(reason, reply.Reason, StringComparison.Ordinal);
        Assert.Empty(await DeliveriesAsync(_server, id));
    }

    [Theory]
    [InlineData("a%20b")]
    [InlineData("a%0Ab")]
    [InlineData("%C3%BC")]
    [InlineData("a%2Fb")]
    [InlineData("*")]
    public async Task Publish_with_an_invalid_type_returns_400(string type)
    {
        Reply reply = await PublishAsync(type, "{}");

        Assert.Equal(400, reply.Code);
        Assert.Contains("An event type must be 1 to 128 letters, digits", reply.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(128, 200)]
    [InlineData(129, 400)]
    public async Task Publish_returns_400_if_the_type_has_more_than_128_characters(int length, int status) =>
        Assert.Equal(status, (await PublishAsync(new string('x', length), "{}")).Code);

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 413)]
    public async Task Publish_returns_413_if_the_body_is_larger_than_1_MiB(int more, int status)
    {
        string id = await _server.SubscribeAsync(new Uri(Some.Url()), path: _hooks);

        Reply reply = await PublishAsync("PostDeployment", $"\"{new string('x', (1024 * 1024) - 2 + more)}\"");

        Assert.Equal(status, reply.Code);
        Assert.Equal(status == 200 ? 1 : 0, (await DeliveriesAsync(_server, id)).Count);
    }

    [Fact]
    public async Task A_hook_does_not_get_events_that_were_published_before_it_subscribed()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await PublishAsync("PostDeployment", "1");
        await _server.SubscribeAsync(receiver.Url, path: _hooks);

        await PublishAsync("PostDeployment", "2");

        Assert.Equal("2", (await receiver.NextAsync()).Text);
        Assert.Equal(1, receiver.Count);
    }

    private static Task<IReadOnlyList<DeliveryRecord>> DeliveriesAsync(TestServer server, string hook) =>
        server.Store.ReadAsync(tables => tables.Deliveries.OfHook(long.Parse(hook, null), 10), TestContext.Current.CancellationToken);

    private Task<Reply> PublishAsync(string type, string body) => _server.SendAsync(HttpMethod.Post, $"{_hooks}/publish/{type}", body);
}
