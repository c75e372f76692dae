using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Events;

/// <summary><c>POST /api/hooks/publish</c>, whose body is NDJSON.</summary>
public sealed class PublishManyTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;
    private readonly string _hooks = $"/sites/{Some.Site()}/api/hooks";

    [Fact]
    public async Task Each_line_is_delivered_and_has_an_entry_in_the_response()
    {
        await using Receiver one = await Receiver.StartAsync();
        await using Receiver other = await Receiver.StartAsync();
        await _server.SubscribeAsync(one.Url, "Built", _hooks);
        await _server.SubscribeAsync(other.Url, "*", _hooks);

        Reply reply = await PublishAsync("""{"event":"Built","body":1}""", """{"event":"Tested","body":2}""", """{"event":"built","body":3}""");

        Assert.Equal((200, "application/json; charset=utf-8"), (reply.Code, reply.ContentType));
        Assert.Equal(["1 accepted", "2 accepted", "3 accepted"], Outcomes(reply));
        Assert.Equal(3, Ids(reply).Distinct().Count());
        Assert.Equal((2, 3), (one.Count, other.Count));
        Assert.Equal(["Built 1", "built 3"], (await one.ManyAsync(2)).Select(received => $"{received.Header("Nyala-Event")} {received.Text}").Order());
        Assert.Equal(["1", "2", "3"], (await other.ManyAsync(3)).Select(received => received.Text).Order());
        Assert.Equal("2", Encoding.UTF8.GetString((await EventsAsync(reply))[1].Body));
    }

    [Fact]
    public async Task Publish_waits_for_the_first_attempts_of_every_line()
    {
        await using Receiver quick = await Receiver.StartAsync();
        await using Receiver slow = await Receiver.StartAsync();
        slow.Hold();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, quick);
        await _server.SubscribeAsync(slow.Url, "Slow", _hooks);

        Task<Reply> publishing = PublishAsync($$"""{"event":"{{hook.Type}}","body":1}""", """{"event":"Slow","body":2}""", $$"""{"event":"{{hook.Type}}","body":3}""");
        await slow.NextAsync();
        await hook.SettledAsync();
        Assert.Equal(2, quick.Count);

        // A response that does not wait for the slow receiver arrives before this one.
        await hook.ReadAsync();
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
        await server.SubscribeAsync(receiver.Url, "Built");

        Task<Reply> publishing = server.SendAsync(HttpMethod.Post, "/api/hooks/publish", Lines("""{"event":"Built","body":1}""", """{"event":"Built","body":2}"""));
        await clock.TimerAsync(TimeSpan.FromSeconds(10));
        await receiver.ManyAsync(2);
        clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(publishing.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(200, (await publishing.InTimeAsync()).Code);
    }

    [Fact]
    public async Task Publish_with_respond_async_returns_202_before_the_first_attempts_have_ended()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Hold();
        await _server.SubscribeAsync(receiver.Url, "Built", _hooks);

        Reply reply = await SendAsync(Lines("""{"event":"Built","body":1}""", """{"event":"Built","body":2}"""), ("Prefer", "respond-async"));

        Assert.Equal(202, reply.Code);
        Assert.Equal(["1 accepted", "2 accepted"], Outcomes(reply));
        await receiver.ManyAsync(2);
    }

    [Theory]
    [InlineData("{ }")]
    [InlineData("{\"a\" :  1.0e3 ,\t\"a\":2,\r\"ü\\u00fc\\/\":\"</x>\\ud800\"}")]
    [InlineData("[1,2, [ ] ]")]
    [InlineData("\"te\\nxt\"")]
    [InlineData("-0.0")]
    [InlineData("true")]
    [InlineData("null")]
    public async Task The_bytes_of_the_body_are_sent_as_they_stand_in_the_line(string body)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, "Built", _hooks);

        await PublishAsync($$"""{"event":"Built","body":{{body}}}""", $$"""{ "body" : {{body}} , "event":"Built"}""");

        Assert.All(await receiver.ManyAsync(2), received => Assert.Equal(Encoding.UTF8.GetBytes(body), received.Body));
    }

    [Theory]
    [InlineData("{0}\n{0}\n", "1,2")]
    [InlineData("{0}\n{0}", "1,2")]
    [InlineData("{0}\r\n{0}\r\n", "1,2")]
    [InlineData("\n{0}\n \t\r\n\r\n{0}\n\n", "2,5")]
    [InlineData("\ufeff{0}", "1")]
    [InlineData("\ufeff\n {0}\t", "2")]
    public async Task Blank_lines_are_skipped_and_the_last_line_needs_no_line_end(string form, string numbers)
    {
        Reply reply = await SendAsync(form.Replace("{0}", """{"event":"Built","body":{}}""", StringComparison.Ordinal));

        Assert.Equal(200, reply.Code);
        Assert.Equal(numbers, string.Join(',', reply.Json.EnumerateArray().Select(entry => entry.GetProperty("line").GetInt32())));
        Assert.All(await EventsAsync(reply), stored => Assert.Equal("{}", Encoding.UTF8.GetString(stored.Body)));
    }

    [Theory]
    [InlineData("""{"Event":"Built","KEY":null,"boDy":{}}""")]
    [InlineData("""{"\u0065vent":"B\u0075ilt","\u0062ody":{},"\u006Bey":"k\u0031"}""")]
    public async Task Names_are_read_in_any_case_and_with_escapes_and_a_null_key_is_no_key(string line)
    {
        Reply reply = await PublishAsync(line);

        Assert.Equal(["1 accepted"], Outcomes(reply));
        Assert.Equal(("Built", "{}"), (await EventsAsync(reply)).Select(stored => (stored.Type, Encoding.UTF8.GetString(stored.Body))).Single());
    }

    [Fact]
    public async Task A_filter_is_applied_to_each_line()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        JsonObject hook = Some.Hook(receiver.Url.AbsoluteUri, "Built");
        hook["filter"] = new JsonObject { ["status"] = new JsonArray("failed") };
        await _server.PostAsync(_hooks, hook);

        await PublishAsync(
            """{"event":"Built","body":{"status":"success"}}""", """{"event":"Built","body":{"status":"failed"}}""", """{"event":"Built","body":{"status":"success"}}""");

        Assert.Equal("""{"status":"failed"}""", (await receiver.NextAsync()).Text);
        Assert.Equal(1, receiver.Count);
    }

    [Fact]
    public async Task Events_belong_to_the_site_of_the_request_and_reach_hooks_at_the_root()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string type = Some.EventType();
        await _server.SubscribeAsync(receiver.Url, type);

        Reply there = await PublishAsync($$"""{"event":"{{type}}","body":1}""");
        Reply root = await _server.SendAsync(HttpMethod.Post, "/api/hooks/publish", $$"""{"event":"{{type}}","body":2}""");

        Assert.Equal(["1", "2"], (await receiver.ManyAsync(2)).Select(received => received.Text).Order());
        Assert.Equal((_hooks.Split('/')[2], "default"), ((await EventsAsync(there))[0].Site, (await EventsAsync(root))[0].Site));
    }

    [Fact]
    public async Task A_key_that_is_used_again_replays_the_event_or_is_a_mismatch()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, "Built", _hooks);
        Reply single = await _server.SendAsync(HttpMethod.Post, _hooks + "/publish/Built", "1", ("Idempotency-Key", "a"));

        Reply reply = await PublishAsync(
            """{"event":"Built","key":"a","body":1}""", """{"event":"Built","key":"a","body": 2}""", """{"event":"Built","key":"b","body":3}""",
            """{"event":"Built","key":"b","body":3}""", """{"event":"Other","key":"b","body":3}""");
        Reply again = await PublishAsync("""{"event":"Built","key":"b","body":3}""");

        Assert.Equal(["1 replayed", "2 mismatch", "3 accepted", "4 replayed", "5 mismatch"], Outcomes(reply));
        string?[] ids = Ids(reply);
        Assert.Equal([single.Headers["Nyala-Event-Id"], null, ids[2], ids[2], null], ids);
        Assert.Equal(ids[2], Ids(again)[0]);
        Assert.Equal(["1", "3"], (await receiver.ManyAsync(2)).Select(received => received.Text));
        Assert.Equal(2, receiver.Count);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    public async Task Publish_succeeds_even_if_every_line_is_a_mismatch(int status)
    {
        await PublishAsync("""{"event":"Built","key":"a","body":1}""");

        Reply reply = await SendAsync("""{"event":"Built","key":"a","body":2}""", status == 202 ? [("Prefer", "respond-async")] : []);

        Assert.Equal((status, "1 mismatch"), (reply.Code, Assert.Single(Outcomes(reply))));
        Assert.StartsWith("This key was used in the last 24 hours", reply.Json[0].GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.False((await PublishAsync("""{"event":"Built","body":1}""")).Json[0].TryGetProperty("problem", out _));
    }

    [Theory]
    [InlineData(null, 200, 1)]
    [InlineData("5", 200, 6)]
    [InlineData("6", 508, 0)]
    [InlineData("x", 400, 0)]
    public async Task Publish_counts_the_chain_for_each_line_and_returns_508_above_5(string? header, int status, int chain)
    {
        Reply reply = await SendAsync(Lines("""{"event":"Built","body":1}""", """{"event":"Built","body":2}"""), header is null ? [] : [("Nyala-Chain", header)]);

        Assert.Equal(status, reply.Code);
        if (status == 200)
        {
            Assert.Equal([chain, chain], (await EventsAsync(reply)).Select(stored => stored.Chain));
        }
    }

    [Fact]
    public async Task The_traceparent_is_kept_with_each_event()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        Reply reply = await SendAsync(Lines("""{"event":"Built","body":1}""", """{"event":"Built","body":2}"""), ("traceparent", Trace));

        Assert.Equal([Trace, Trace], (await EventsAsync(reply)).Select(stored => stored.Trace));
    }

    [Fact]
    public async Task A_restart_loses_no_event()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Delivery.StopTimeout = TimeSpan.Zero);
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Hold();
        await server.SubscribeAsync(receiver.Url, "Built");
        string[] bodies = [.. Enumerable.Range(1, 100).Select(number => number.ToString(CultureInfo.InvariantCulture))];

        Reply reply = await server.SendAsync(
            HttpMethod.Post, "/api/hooks/publish", Lines([.. bodies.Select(body => $$"""{"event":"Built","body":{{body}}}""")]), ("Prefer", "respond-async"));
        await receiver.NextAsync();
        await server.StopAsync();
        receiver.Release();
        await server.StartAgainAsync();

        Assert.Equal(202, reply.Code);
        var missing = new HashSet<string>(bodies);
        while (missing.Count > 0)
        {
            missing.Remove((await receiver.NextAsync()).Text);
        }
    }

    [Fact]
    public async Task All_lines_are_stored_in_one_transaction_or_none()
    {
        var store = new FaultyStore();
        await using TestServer server = await TestServer.StartAsync(replace: store.PutUnder);
        string lines = Lines("""{"event":"Built","key":"a","body":1}""", """{"event":"Built","key":"b","body":2}""", """{"event":"Built","body":3}""");

        store.Full = true;
        Reply full = await server.SendAsync(HttpMethod.Post, "/api/hooks/publish", lines);
        store.Full = false;
        store.Fails = tables => tables.Events.Search(new EventQuery { Limit = 3 }).Entries.Count == 3;
        Reply failed = await server.SendAsync(HttpMethod.Post, "/api/hooks/publish", lines);
        store.Fails = _ => false;
        Reply none = await server.GetAsync("/api/events");
        Reply stored = await server.SendAsync(HttpMethod.Post, "/api/hooks/publish", lines);

        Assert.Equal((507, 500, "[]"), (full.Code, failed.Code, none.Text));
        Assert.Equal(["1 accepted", "2 accepted", "3 accepted"], Outcomes(stored));
        Assert.Equal(3, (await server.GetAsync("/api/events")).Json.GetArrayLength());
    }

    private static string Lines(params string[] lines) => string.Join('\n', lines);

    private static string[] Outcomes(Reply reply) =>
        [.. reply.Json.EnumerateArray().Select(entry => $"{entry.GetProperty("line").GetInt32()} {entry.GetProperty("outcome").GetString()}")];

    private static string?[] Ids(Reply reply) => [.. reply.Json.EnumerateArray().Select(entry => entry.GetProperty("event_id").GetString())];

    private Task<IReadOnlyList<EventRecord>> EventsAsync(Reply reply) => _server.Store.ReadAsync(
        tables => (IReadOnlyList<EventRecord>)[.. Ids(reply).Select(id => tables.Events.Find(long.Parse(id!, CultureInfo.InvariantCulture))!)],
        TestContext.Current.CancellationToken);

    private Task<Reply> PublishAsync(params string[] lines) => SendAsync(Lines(lines));

    private Task<Reply> SendAsync(string body, params (string Name, string Value)[] headers) => _server.SendAsync(HttpMethod.Post, _hooks + "/publish", body, headers);
}
