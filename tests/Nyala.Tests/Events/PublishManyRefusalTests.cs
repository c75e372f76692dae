using System.Text;
using Nyala.Tests.Support;

namespace Nyala.Tests.Events;

/// <summary>Requests that <c>POST /api/hooks/publish</c> refuses, and the limits. A refused request stores nothing.</summary>
public sealed class PublishManyRefusalTests(SharedServer shared)
{
    private const string Good = """{"event":"Built","body":{}}""";
    private const int MiB = 1024 * 1024;

    private readonly TestServer _server = shared.Server;
    private readonly string _api = $"/sites/{Some.Site()}/api";

    [Theory]
    [InlineData("{", "The line is not JSON (byte 2): ")]
    [InlineData(Good + Good, "The line is not JSON (byte 28): ")]
    [InlineData(Good + ",", "The line is not JSON (byte 28): ")]
    [InlineData("[]", "The line is not a JSON object. It must be one with the fields event, body and optionally key.")]
    [InlineData("{}", "'event' is missing. Set it to the type of the event. 'body' is missing. To publish an event without data, set it to {}.")]
    [InlineData("""{"event":null,"body":1}""", "'event' is missing. Set it to the type of the event.")]
    [InlineData("""{"event":7,"body":1}""", "'event' must be a string.")]
    [InlineData("""{"event":"\ud800","body":1}""", "'event' must be a string.")]
    [InlineData("""{"event":"","body":1}""", "'event' must be 1 to 128 letters, digits, '.', '_', ':' or '-'.")]
    [InlineData("""{"event":"a b","body":1}""", "'event' must be 1 to 128 letters, digits, '.', '_', ':' or '-'.")]
    [InlineData("""{"event":"*","body":1}""", "'event' must be 1 to 128 letters, digits, '.', '_', ':' or '-'.")]
    [InlineData("""{"event":"Built","key":"","body":1}""", "'key' must be 1 to 255 visible ASCII characters.")]
    [InlineData("""{"event":"Built","key":"ü","body":1}""", "'key' must be 1 to 255 visible ASCII characters.")]
    [InlineData("""{"event":"Built","key":["a"],"body":1}""", "'key' must be a string.")]
    [InlineData("""{"event":"Built","body":1,"Body":2}""", "'body' is given more than once. Keep one of them.")]
    [InlineData("""{"event":"Built","body":1,"typ":1,"key":"a","site":null}""", "'typ' is not a field of a line. The fields are event, key and body. 'site' is not a field of a line either.")]
    [InlineData("""{"event":"Built","body":1,"\ud800":1}""", "'\uFFFD' is not a field of a line. The fields are event, key and body.")]
    public async Task A_malformed_line_refuses_the_request_with_400_and_nothing_is_stored(string line, string problem)
    {
        Reply reply = await SendAsync($"{Good}\n\n{line}\n{Good}");

        Assert.Equal((400, "application/problem+json"), (reply.Code, reply.ContentType));
        Assert.StartsWith($"Nothing was stored, because a line is refused. Line 3: {problem}", reply.Reason, StringComparison.Ordinal);
        Assert.Equal((3, "refused"), (reply.Json.GetProperty("lines")[0].GetProperty("line").GetInt32(), reply.Json.GetProperty("lines")[0].GetProperty("outcome").GetString()));
        Assert.StartsWith(problem, reply.Json.GetProperty("lines")[0].GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await StoredAsync());
    }

    [Fact]
    public async Task A_mistake_that_a_line_repeats_is_described_once()
    {
        Reply reply = await SendAsync($"{{{string.Concat(Enumerable.Repeat("\"event\":1,\"x\":1,", 1000))}\"body\":1}}");

        Assert.Equal(
            "'event' must be a string. 'x' is not a field of a line. The fields are event, key and body. 'event' is given more than once. Keep one of them.",
            reply.Json.GetProperty("lines")[0].GetProperty("problem").GetString());
    }

    [Fact]
    public async Task Invalid_UTF_8_refuses_the_request()
    {
        Reply reply = await SendAsync([.. Encoding.UTF8.GetBytes(Good), (byte)'\n', .. "{\"event\":\"Built\",\"body\":\""u8, 0xff, .. "\"}"u8]);

        Assert.Equal(400, reply.Code);
        Assert.Contains("Line 2: The line is not valid UTF-8", reply.Reason, StringComparison.Ordinal);
        Assert.Equal(0, await StoredAsync());
    }

    [Theory]
    [InlineData(20, "")]
    [InlineData(21, " One more line is refused.")]
    [InlineData(45, " 25 more lines are refused.")]
    public async Task At_most_20_refused_lines_are_described(int count, string rest)
    {
        Reply reply = await SendAsync(string.Concat(Enumerable.Repeat("7\n", count)) + Good);

        Assert.Equal(400, reply.Code);
        Assert.Equal(20, reply.Json.GetProperty("lines").GetArrayLength());
        Assert.StartsWith($"Nothing was stored, because {count} lines are refused. Line 1: ", reply.Reason, StringComparison.Ordinal);
        Assert.EndsWith("Line 20: The line is not a JSON object. It must be one with the fields event, body and optionally key." + rest, reply.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \r\n\t")]
    [InlineData("\ufeff")]
    public async Task A_request_without_events_returns_400(string body)
    {
        Reply reply = await SendAsync(body);

        Assert.Equal(400, reply.Code);
        Assert.StartsWith("The request has no events. Send a line for each event: ", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_keys_of_a_refused_request_stay_unused()
    {
        Assert.Equal(400, (await SendAsync("{\"event\":\"Built\",\"key\":\"a\",\"body\":1}\n{")).Code);

        Assert.Equal("accepted", (await SendAsync("""{"event":"Built","key":"a","body":2}""")).Json[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task An_Idempotency_Key_header_is_refused()
    {
        Reply reply = await _server.SendAsync(HttpMethod.Post, _api + "/hooks/publish", Good, ("Idempotency-Key", "a"));

        Assert.Equal((400, "Idempotency-Key is a header of a request with one event. Here, each line can have its own 'key'."), (reply.Code, reply.Reason));
        Assert.Equal(0, await StoredAsync());
    }

    [Theory]
    [InlineData(255, 200)]
    [InlineData(256, 400)]
    public async Task A_key_has_at_most_255_characters(int length, int status) =>
        Assert.Equal(status, (await SendAsync($$"""{"event":"Built","key":"{{new string('k', length)}}","body":1}""")).Code);

    [Theory]
    [InlineData(128, 200)]
    [InlineData(129, 400)]
    public async Task A_type_has_at_most_128_characters(int length, int status) =>
        Assert.Equal(status, (await SendAsync($$"""{"event":"{{new string('t', length)}}","body":1}""")).Code);

    [Theory]
    [InlineData(1000, 200)]
    [InlineData(1001, 413)]
    public async Task A_request_has_at_most_1000_lines(int count, int status)
    {
        Reply reply = await SendAsync(string.Concat(Enumerable.Repeat(Good + "\n\n", count)));

        Assert.Equal(status, reply.Code);
        if (status == 413)
        {
            Assert.StartsWith("The request has more than 1000 events. Distribute their lines over several requests.", reply.Reason, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal((1000, 1999), (reply.Json.GetArrayLength(), reply.Json[999].GetProperty("line").GetInt32()));
        }

        Assert.Equal(status == 200 ? 1000 : 0, await StoredAsync());
    }

    [Fact]
    public async Task The_events_of_a_request_have_at_most_50000_deliveries()
    {
        for (int i = 0; i < 51; i++)
        {
            await _server.SubscribeAsync(new Uri($"http://127.0.0.1:9/{i}"), "Built", _api + "/hooks");
        }

        Reply reply = await SendAsync(string.Concat(Enumerable.Repeat(Good + "\n", 1000)));

        Assert.Equal(413, reply.Code);
        Assert.Equal(
            "The hooks that match would get more than 50000 deliveries of these events together, the maximum for one request. Nothing was stored. "
            + "Distribute the lines over several requests. A request with one event has no such limit.",
            reply.Reason);
        Assert.Equal(0, await StoredAsync());
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 413)]
    [InlineData(7 * MiB, 413)]
    public async Task A_request_has_at_most_8_MiB(int more, int status)
    {
        string line = $$"""{"event":"Built","body":"{{new string('x', MiB - 100)}}"}""" + "\n";
        string lines = string.Concat(Enumerable.Repeat(line, 8));

        Reply reply = await SendAsync(lines + new string(' ', (8 * MiB) - lines.Length + more));

        Assert.Equal(status, reply.Code);
        if (status == 413)
        {
            Assert.StartsWith("The request is larger than 8388608 bytes. Distribute the lines over several requests.", reply.Reason, StringComparison.Ordinal);
        }

        Assert.Equal(status == 200 ? 8 : 0, await StoredAsync());
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 413)]
    public async Task A_body_has_at_most_1_MiB(int more, int status)
    {
        Reply reply = await SendAsync($"{Good}\n{{\"event\":\"Built\",\"body\":\"{new string('x', MiB - 2 + more)}\"}}");

        Assert.Equal(status, reply.Code);
        if (status == 413)
        {
            Assert.EndsWith("Line 2: 'body' has 1048577 bytes, and the maximum is 1048576, which the option Delivery:EventLimit sets.", reply.Reason, StringComparison.Ordinal);
        }

        Assert.Equal(status == 200 ? 2 : 0, await StoredAsync());
    }

    [Fact]
    public async Task A_request_with_a_large_body_and_a_malformed_line_returns_400() =>
        Assert.Equal(400, (await SendAsync($"{{\"event\":\"Built\",\"body\":\"{new string('x', MiB)}\"}}\n{{")).Code);

    [Theory]
    [InlineData(64, 200)]
    [InlineData(65, 400)]
    public async Task A_body_can_be_as_deep_as_that_of_a_single_event(int depth, int status)
    {
        string body = new string('[', depth) + new string(']', depth);

        Assert.Equal(status, (await _server.SendAsync(HttpMethod.Post, _api + "/hooks/publish/Built", body)).Code);
        Assert.Equal(status, (await SendAsync($$"""{"event":"Built","body":{{body}}}""")).Code);
    }

    [Fact]
    public async Task Refused_requests_return_the_approved_errors()
    {
        Reply[] replies =
        [
            await SendAsync("""{"evnt":"Built","body":1}""" + "\n" + """{"event":"Built","key":"a b"}"""),
            await SendAsync($"{{\"event\":\"Built\",\"body\":\"{new string('x', MiB)}\"}}"),
            await SendAsync("\n"),
        ];

        Approved.Json($"[{string.Join(',', replies.Select(reply => reply.Text))}]");
    }

    private async Task<int> StoredAsync()
    {
        return (await _server.GetAsync(_api + "/events?limit=1000")).Json.GetArrayLength();
    }

    private Task<Reply> SendAsync(string body) => SendAsync(Encoding.UTF8.GetBytes(body));

    private Task<Reply> SendAsync(byte[] body) => _server.SendAsync(HttpMethod.Post, _api + "/hooks/publish", new ByteArrayContent(body));
}
