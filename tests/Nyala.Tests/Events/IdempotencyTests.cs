using System.Globalization;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Events;

/// <summary>The headers <c>Idempotency-Key</c>, <c>Nyala-Chain</c> and <c>traceparent</c> of a publish request.</summary>
public sealed class IdempotencyTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;
    private readonly string _hooks = $"/sites/{Some.Site()}/api/hooks";

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    public async Task Publish_with_a_used_idempotency_key_returns_the_first_event(int status)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, path: _hooks);
        (string, string)[] headers = status == 202 ? [("Idempotency-Key", "k"), ("Prefer", "respond-async")] : [("Idempotency-Key", "k")];

        Reply first = await PublishAsync("{}", headers);
        Reply again = await PublishAsync("{}", headers);

        Assert.Equal((status, status, ""), (first.Code, again.Code, again.Text));
        Assert.Equal(first.Headers["Nyala-Event-Id"], again.Headers["Nyala-Event-Id"]);
        Assert.Equal((false, "true"), (first.Headers.ContainsKey("Idempotency-Replayed"), again.Headers.GetValueOrDefault("Idempotency-Replayed")));
        await PublishAsync("\"last\"");
        Assert.Equal(["{}", "\"last\""], new[] { (await receiver.NextAsync()).Text, (await receiver.NextAsync()).Text }.OrderDescending());
        Assert.Equal(2, receiver.Count);
    }

    [Fact]
    public async Task The_Nyala_Event_Id_header_names_the_accepted_event()
    {
        Reply reply = await PublishAsync("[7]");

        EventRecord? accepted = await EventAsync(reply);
        Assert.Equal("[7]", System.Text.Encoding.UTF8.GetString(accepted!.Body));
    }

    [Theory]
    [InlineData("PostDeployment", "{ }")]
    [InlineData("Other", "{}")]
    public async Task Publish_with_the_key_of_another_event_returns_422_and_creates_no_event(string type, string body)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, "*", _hooks);
        await PublishAsync("{}", ("Idempotency-Key", "k"));

        Reply other = await _server.SendAsync(HttpMethod.Post, $"{_hooks}/publish/{type}", body, ("Idempotency-Key", "k"));

        Assert.Equal((422, "application/problem+json"), (other.Code, other.ContentType));
        Assert.StartsWith("This Idempotency-Key was used in the last 24 hours", other.Reason, StringComparison.Ordinal);
        Assert.Equal(1, receiver.Count);
    }

    [Fact]
    public async Task Concurrent_publishes_with_one_key_create_one_event()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, path: _hooks);

        Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PublishAsync("{}", ("Idempotency-Key", "k"))));

        Assert.All(replies, reply => Assert.Equal(200, reply.Code));
        Assert.Single(replies.Select(reply => reply.Headers["Nyala-Event-Id"]).Distinct());
        Assert.Equal(9, replies.Count(reply => reply.Headers.ContainsKey("Idempotency-Replayed")));
        Assert.Equal(1, receiver.Count);
    }

    [Fact]
    public async Task Idempotency_keys_are_separate_for_each_site()
    {
        Reply here = await PublishAsync("{}", ("Idempotency-Key", "k"));

        Reply there = await _server.SendAsync(HttpMethod.Post, $"/sites/{Some.Site()}/api/hooks/publish/PostDeployment", "[]", ("Idempotency-Key", "k"));

        Assert.Equal((200, false), (there.Code, there.Headers["Nyala-Event-Id"] == here.Headers["Nyala-Event-Id"]));
    }

    [Fact]
    public async Task An_idempotency_key_can_be_used_again_after_24_hours()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        Assert.Equal(200, (await SendAsync("1")).Code);

        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromTicks(1));
        Assert.Equal(422, (await SendAsync("2")).Code);
        clock.Advance(TimeSpan.FromTicks(1));

        Assert.False((await SendAsync("2")).Headers.ContainsKey("Idempotency-Replayed"));
        Assert.True((await SendAsync("2")).Headers.ContainsKey("Idempotency-Replayed"));

        Task<Reply> SendAsync(string body) => server.SendAsync(HttpMethod.Post, "/api/hooks/publish/PostDeployment", body, ("Idempotency-Key", "k"));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("x256")]
    public async Task Publish_with_an_invalid_idempotency_key_returns_400(string key)
    {
        Reply reply = await PublishAsync("{}", ("Idempotency-Key", key == "x256" ? new string('x', 256) : key));

        Assert.Equal(400, reply.Code);
        Assert.Contains("1 to 255 visible ASCII characters", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idempotency_key_stays_unused_if_its_publish_returned_400()
    {
        Assert.Equal(400, (await PublishAsync("{", ("Idempotency-Key", "k"))).Code);
        Assert.Equal(200, (await PublishAsync("{}", ("Idempotency-Key", "k"))).Code);
    }

    [Theory]
    [InlineData(null, 200, 1)]
    [InlineData("0", 200, 1)]
    [InlineData("5", 200, 6)]
    [InlineData("6", 508, 0)]
    [InlineData("99999999999999999999", 508, 0)]
    [InlineData("-1", 400, 0)]
    [InlineData("1, 1", 400, 0)]
    [InlineData("x", 400, 0)]
    public async Task Publish_counts_the_chain_and_returns_508_above_5_and_400_if_it_is_invalid(string? header, int status, int chain)
    {
        Reply reply = await PublishAsync("{}", header is null ? [] : [("Nyala-Chain", header)]);

        Assert.Equal(status, reply.Code);
        if (status == 200)
        {
            Assert.Equal(chain, (await EventAsync(reply))!.Chain);
        }
        else
        {
            Assert.Contains(status == 508 ? "A hook seems to lead back to this server" : "must be one whole number", reply.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true)]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false)]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false)]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", false)]
    [InlineData("x", false)]
    public async Task Only_a_valid_traceparent_is_stored(string header, bool kept)
    {
        Reply reply = await PublishAsync("{}", ("traceparent", header));

        Assert.Equal((200, kept ? header : null), (reply.Code, (await EventAsync(reply))!.Trace));
    }

    [Fact]
    public async Task Refused_publishes_return_the_approved_errors()
    {
        await PublishAsync("1", ("Idempotency-Key", "k"));
        Reply[] replies =
        [
            await PublishAsync("{}", ("Idempotency-Key", "a b")),
            await PublishAsync("2", ("Idempotency-Key", "k")),
            await PublishAsync("{}", ("Nyala-Chain", "x")),
            await PublishAsync("{}", ("Nyala-Chain", "6")),
        ];

        Approved.Json($"[{string.Join(',', replies.Select(reply => reply.Text))}]");
    }

    private Task<EventRecord?> EventAsync(Reply reply) => _server.Store.ReadAsync(
        tables => tables.Events.Find(long.Parse(reply.Headers["Nyala-Event-Id"], CultureInfo.InvariantCulture)), TestContext.Current.CancellationToken);

    private Task<Reply> PublishAsync(string body, params (string Name, string Value)[] headers) =>
        _server.SendAsync(HttpMethod.Post, $"{_hooks}/publish/PostDeployment", body, headers);
}
