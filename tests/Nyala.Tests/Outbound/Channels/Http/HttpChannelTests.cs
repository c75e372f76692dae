using Nyala.Client;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Tests.Support;
using RequestForm = Nyala.Server.Outbound.Formats.RequestForm;

namespace Nyala.Tests.Outbound.Channels.Http;

/// <summary>What the channel sends, and what the outcome records.</summary>
public sealed class HttpChannelTests : IDisposable
{
    private readonly HttpChannelUnderTest _channel = new();

    public void Dispose() => _channel.Dispose();

    [Theory]
    [InlineData("X-Api-Key", "secret value")]
    [InlineData("Authorization", "Bearer abc")]
    [InlineData("User-Agent", "Mine/1")]
    [InlineData("Cookie", "a=b; c=d")]
    [InlineData("Accept", "nonsense that no parser takes")]
    [InlineData("Content-Language", "de")]
    [InlineData("Content-Disposition", "inline")]
    [InlineData("Content-Location", "/x")]
    [InlineData("Content-MD5", "Q2hlY2sgSW50ZWdyaXR5IQ==")]
    [InlineData("Expires", "0")]
    [InlineData("Last-Modified", "whenever")]
    [InlineData("Allow", "POST")]
    [InlineData("X-Empty", "")]
    public async Task A_custom_header_that_the_rule_accepts_arrives_unchanged(string name, string value)
    {
        var header = new CustomHeader(name, value);
        Assert.Null(HeaderRule.Refuses([header]));
        await using Receiver receiver = await Receiver.StartAsync();

        AttemptOutcome outcome = await _channel.SendAsync(_channel.Target(receiver.Url, header));

        Assert.Equal(200, outcome.Status);
        Received received = await receiver.NextAsync();
        Assert.Equal(value, received.Header(name));
        Assert.Equal(WebhookVerdict.Genuine, HttpChannelUnderTest.Verifier().Verify(received.Body, received.Header));
        Assert.Contains($"{name}: ***\n", outcome.RequestHeaders, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/in", "/close?by=alias", "/in/close?by=alias")]
    [InlineData("/in/?key=a%2Fb", "/close?by=alias", "/in/close?by=alias&key=a%2Fb")]
    [InlineData("/in?key=a", "/close", "/in/close?key=a")]
    [InlineData("/in?", "/a%20b", "/in/a%20b?")]
    public async Task The_path_of_a_format_follows_the_path_of_the_hook_and_keeps_its_query(string url, string path, string expected)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HttpTarget target = _channel.Target(new Uri(receiver.Url, url), new CustomHeader("x-kept", "hook"));
        var form = new RequestForm { Method = "PATCH", Path = path, Headers = [new CustomHeader("X-Kept", "format"), new CustomHeader("X-Added", "format")] };

        AttemptOutcome outcome = await _channel.SendAsync(target, form: form);

        Received received = await receiver.NextAsync();
        Assert.Equal(("PATCH", expected, "hook", "format"), (received.Method, received.PathAndQuery, received.Header("X-Kept"), received.Header("X-Added")));
        Assert.Contains("X-Added: format\n", outcome.RequestHeaders, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_format_may_name_another_user_agent()
    {
        await using Receiver receiver = await Receiver.StartAsync();

        await _channel.SendAsync(_channel.Target(receiver.Url), form: new RequestForm { Headers = [new CustomHeader("User-Agent", "Mine/1")] });

        Assert.Equal("Mine/1", (await receiver.NextAsync()).Header("User-Agent"));
    }

    [Fact]
    public async Task The_outcome_records_every_header_as_it_was_sent_and_masks_secrets()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HttpTarget target = _channel.Target(receiver.Url, new CustomHeader("X-Api-Key", "s3cret")) with { Authorization = "Basic dTpw" };

        AttemptOutcome outcome = await _channel.SendAsync(target);

        Received received = await receiver.NextAsync();
        string[] lines = outcome.RequestHeaders!.TrimEnd('\n').Split('\n');
        Assert.Equal(received.Headers.Keys.Order(StringComparer.Ordinal), lines.Select(line => line.Split(": ")[0]).Order(StringComparer.Ordinal));
        foreach (string line in lines)
        {
            string[] pair = line.Split(": ", 2);
            Assert.Equal(pair[0] is "Authorization" or "X-Api-Key" ? "***" : received.Header(pair[0]), pair[1]);
        }
    }

    [Fact]
    public async Task The_response_headers_are_kept_up_to_8_KiB()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerNext(new Answer(200, "x", ("X-Some", "thing")), new Answer(500, "", ("X-Long", new string('x', 20_000))));

        AttemptOutcome small = await _channel.SendAsync(_channel.Target(receiver.Url));
        AttemptOutcome large = await _channel.SendAsync(_channel.Target(receiver.Url));

        Assert.Contains("X-Some: thing\n", small.Answer!.Headers, StringComparison.Ordinal);
        Assert.Equal(8 * 1024, large.Answer!.Headers!.Length);
    }

    [Fact]
    public async Task Traceparent_and_Nyala_Chain_are_sent_if_they_are_known()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using Receiver receiver = await Receiver.StartAsync();

        await _channel.SendAsync(_channel.Target(receiver.Url), Trace, 3);
        await _channel.SendAsync(_channel.Target(receiver.Url));

        Received known = await receiver.NextAsync();
        Received unknown = await receiver.NextAsync();
        Assert.Equal((Trace, "3"), (known.Header("traceparent"), known.Header("Nyala-Chain")));
        Assert.Equal((null, null), (unknown.Header("traceparent"), unknown.Header("Nyala-Chain")));
    }

    [Fact]
    public async Task Only_the_attempt_that_opens_a_connection_has_the_times_of_the_opening()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        var named = new UriBuilder(receiver.Url) { Host = "localhost" };

        Timings first = (await _channel.SendAsync(_channel.Target(receiver.Url))).Timings;
        Timings second = (await _channel.SendAsync(_channel.Target(receiver.Url))).Timings;
        Timings byName = (await _channel.SendAsync(_channel.Target(named.Uri))).Timings;

        Assert.Equal((true, false), (first.Opening is { Dns: null, Tls: null }, first.Opening!.Connect < TimeSpan.Zero));
        Assert.Null(second.Opening);
        Assert.NotNull(byName.Opening!.Dns);
        foreach (Timings timings in (Timings[])[first, second, byName])
        {
            Assert.InRange(timings.FirstByte!.Value, timings.Opening?.Connect ?? TimeSpan.Zero, timings.Total);
        }
    }

    [Fact]
    public async Task An_attempt_without_a_response_has_no_time_of_a_first_byte()
    {
        await using var receiver = new RawReceiver(RawReceiver.Say(""));

        AttemptOutcome outcome = await _channel.SendAsync(_channel.Target(new Uri(receiver.Url)));

        Assert.Null(outcome.Timings.FirstByte);
        Assert.NotNull(outcome.Timings.Opening);
        Assert.Equal(outcome.Duration, outcome.Timings.Total);
        Assert.Null(outcome.Answer);
        Assert.StartsWith("Host: 127.0.0.1:", outcome.RequestHeaders, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_TLS_handshake_without_a_reply_fails_after_the_connect_timeout()
    {
        var clock = new SignalClock();
        using var channel = new HttpChannelUnderTest(clock: clock);
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();

        Task<AttemptOutcome> sending = channel.SendAsync(channel.Target(new Uri($"https://{listener.LocalEndpoint}/")));
        using System.Net.Sockets.Socket silent = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("The connection was not established in time.", (await sending.InTimeAsync()).Reason);
    }
}
