using System.Net.Sockets;
using System.Text;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>Broken and hostile receivers: each attempt ends, and its reason says how.</summary>
public sealed class OddReceiverTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData("", "without")]
    [InlineData("I am no web server.\r\n\r\n", "not HTTP")]
    [InlineData("HTTP/9.9 hello\r\n\r\n", "not HTTP")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Len", "without")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this", "in the middle of the response")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "in the middle of the response")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", "response")]
    public async Task An_incomplete_or_invalid_response_is_a_failure_with_a_reason(string answer, string reason)
    {
        await using var receiver = new RawReceiver(RawReceiver.Say(answer));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver.Url);

        await hook.PublishAsync();

        await AssertFailedAsync(hook, reason);
    }

    [Fact]
    public async Task Endless_response_headers_fail_the_attempt()
    {
        await using var receiver = new RawReceiver(RawReceiver.SayForEver("HTTP/1.1 200 OK\r\n", $"X-More: {new string('x', 1000)}\r\n"));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver.Url);

        await hook.PublishAsync();

        await AssertFailedAsync(hook, "headers are too long");
    }

    [Fact]
    public async Task The_first_16_KiB_of_an_endless_body_are_kept_and_the_delivery_succeeds()
    {
        await using var receiver = new RawReceiver(RawReceiver.SayForEver("HTTP/1.1 200 OK\r\n\r\n", new string('x', 4096)));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver.Url);

        await hook.PublishAsync();

        AttemptRecord attempt = await hook.AttemptAsync();
        Assert.Equal((200, null, 16 * 1024), (attempt.Status, attempt.Reason, attempt.Answer!.Length));
        Assert.Equal(DeliveryState.Delivered, (await hook.DeliveryAsync()).State);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(16 * 1024, 16 * 1024)]
    [InlineData((16 * 1024) + 1, 16 * 1024)]
    [InlineData(100_000, 16 * 1024)]
    public async Task A_response_body_is_kept_up_to_16_KiB(int length, int kept)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerNext(new Answer(500, new string('x', length)));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);

        await hook.PublishAsync();

        AttemptRecord attempt = await hook.AttemptAsync();
        Assert.Equal((500, kept), (attempt.Status, attempt.Answer?.Length ?? 0));
    }

    [Fact]
    public async Task A_reset_connection_is_a_failure()
    {
        await using var receiver = new RawReceiver(connection =>
        {
            connection.LingerState = new LingerOption(true, 0);
            connection.Close();
            return Task.CompletedTask;
        });
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver.Url);

        await hook.PublishAsync();

        await AssertFailedAsync(hook, "The connection was");
    }

    [Fact]
    public async Task A_refused_connection_is_a_failure()
    {
        string url;
        await using (var receiver = new RawReceiver(RawReceiver.Say("")))
        {
            url = receiver.Url;
        }

        HookUnderTest hook = await HookUnderTest.AddAsync(_server, url);

        await hook.PublishAsync();

        await AssertFailedAsync(hook, "The connection was refused.");
    }

    [Fact]
    public async Task A_very_long_redirect_target_is_shortened_in_the_reason()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerNext(new Answer(308, "", ("Location", "https://example.com/" + new string('x', 5000))));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);

        await hook.PublishAsync();

        Assert.InRange((await hook.ReadAsync())["last_reason"].Length, 1024, 1124);
    }

    [Fact]
    public async Task A_redirect_is_a_failure_that_names_the_target_and_is_not_followed()
    {
        await using Receiver target = await Receiver.StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerNext(new Answer(308, "", ("Location", target.Url.AbsoluteUri)));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);

        await hook.PublishAsync();

        Reply read = await hook.ReadAsync();
        Assert.Equal("PermanentRedirect", read["last_status"]);
        Assert.Equal($"The receiver responded with 308 and a redirect to {target.Url}. Redirects are not followed.", read["last_reason"]);
        Assert.Equal(DeliveryState.Pending, (await hook.DeliveryAsync()).State);
        Assert.Equal(0, target.Count);
    }

    [Theory]
    [InlineData("", "/")]
    [InlineData("?x=1&y=%2f", "/?x=1&y=%2f")]
    [InlineData("/a/../b%2e?sig=a%2Bb#part", "/a/../b%2e?sig=a%2Bb")]
    public async Task A_url_is_sent_unchanged_except_for_a_missing_path_and_the_fragment(string rest, string target)
    {
        await using var receiver = new RawReceiver(RawReceiver.Say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver.Root + rest);

        await hook.PublishAsync();

        Assert.Equal($"POST {target} HTTP/1.1", receiver.RequestLine);
        Assert.Equal(DeliveryState.Delivered, (await hook.DeliveryAsync()).State);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("//169.254.169.254/")]
    public async Task A_redirect_to_a_blocked_target_is_not_followed(string location)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerNext(new Answer(307, "", ("Location", location)));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);

        await hook.PublishAsync();

        AttemptRecord attempt = await hook.AttemptAsync();
        Assert.Equal((307, $"The receiver responded with 307 and a redirect to {location}. Redirects are not followed."), (attempt.Status, attempt.Reason));
        Assert.Equal(1, receiver.Count);
    }

    [Fact]
    public async Task Only_a_small_part_of_a_10_GB_response_is_read()
    {
        long sent = 0;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = new RawReceiver(async connection =>
        {
            try
            {
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"u8.ToArray());
                byte[] part = new byte[64 * 1024];
                while (true)
                {
                    sent += await connection.SendAsync(part);
                }
            }
            finally
            {
                ended.SetResult();
            }
        });
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver.Url);

        await hook.PublishAsync();

        await ended.Task.InTimeAsync();
        Assert.Equal((200, 16 * 1024), ((await hook.AttemptAsync()).Status, (await hook.AttemptAsync()).Answer!.Length));

        // Bytes in flight when the connection is closed fill the sockets' buffers.
        Assert.InRange(sent, 16 * 1024, 32 * 1024 * 1024);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")]
    public async Task An_unfinished_response_fails_after_the_attempt_timeout(string beginning)
    {
        var clock = new SignalClock();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.SendAsync(Encoding.ASCII.GetBytes(beginning));
            began.SetResult();
            await over.Task;
        });
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver.Url);

        await hook.PublishSoonAsync();
        await began.Task.InTimeAsync();
        clock.Advance(TimeSpan.FromSeconds(10));

        await hook.AttemptedAsync(1);
        over.SetResult();
        await AssertFailedAsync(hook, "No complete response within 10 s.");
    }

    [Fact]
    public async Task A_response_sent_byte_by_byte_does_not_extend_the_timeout()
    {
        var clock = new SignalClock();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 16384\r\n\r\n"u8.ToArray());
            began.SetResult();
            for (int second = 0; second < 20; second++)
            {
                await connection.SendAsync("x"u8.ToArray());
                clock.Advance(TimeSpan.FromSeconds(1));
            }
        });
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver.Url);

        await hook.PublishSoonAsync();
        await began.Task.InTimeAsync();
        await hook.AttemptedAsync(1);

        Assert.Equal((null, "No complete response within 10 s."), ((await hook.AttemptsAsync())[0].Status, (await hook.AttemptsAsync())[0].Reason));
    }

    [Theory]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")]
    public async Task Endless_interim_responses_fail_the_attempt(string interim)
    {
        await using var receiver = new RawReceiver(RawReceiver.SayForEver(interim, interim));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver.Url);

        await hook.PublishAsync();

        await AssertFailedAsync(hook, "headers are too long");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "not HTTP")]
    [InlineData("HTTP/1.1 200 OK\r\n: no name\r\n\r\n", "not HTTP")]
    [InlineData("HTTP/1.1 99999 What\r\n\r\n", "not HTTP")]
    [InlineData("\0\0\0\0\0\0\0\0\r\n\r\n", "not HTTP")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "not HTTP")]
    public async Task A_malformed_response_head_is_a_failure_with_a_reason(string answer, string reason)
    {
        await using var receiver = new RawReceiver(RawReceiver.Say(answer));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver.Url);

        await hook.PublishAsync();

        await AssertFailedAsync(hook, reason);
    }

    private static async Task AssertFailedAsync(HookUnderTest hook, string reason)
    {
        AttemptRecord attempt = await hook.AttemptAsync();
        Assert.Null(attempt.Status);
        Assert.Contains(reason, attempt.Reason, StringComparison.Ordinal);
        DeliveryRecord delivery = await hook.DeliveryAsync();
        Assert.Equal((DeliveryState.Pending, 1), (delivery.State, delivery.Attempts));
        Reply read = await hook.ReadAsync();
        Assert.Equal(("Failure", attempt.Reason), (read["last_status"], read["last_reason"]));
    }
}
