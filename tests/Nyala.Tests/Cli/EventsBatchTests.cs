using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary><c>nyala events publish --batch</c>.</summary>
public sealed class EventsBatchTests : IDisposable
{
    private const string Good = """{"event":"Built","body":{}}""";

    private readonly TestServer _server;
    private readonly CliHarness _cli = new();
    private readonly TempFolder _folder = new();
    private readonly string _site = Some.Site();

    public EventsBatchTests(SharedServer shared)
    {
        _server = shared.Server;
        _cli["NYALA_SERVER"] = _server.Address.AbsoluteUri;
        _cli["NYALA_TOKEN"] = TestServer.Token;
    }

    public void Dispose()
    {
        _cli.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1, "published 1 event.")]
    [InlineData(1000, "published 1,000 events.")]
    [InlineData(2001, "published 2,001 events.")]
    public async Task Every_line_of_the_file_is_published(int count, string sum)
    {
        (int exitCode, string output, string error) = await BatchAsync(string.Concat(Enumerable.Repeat(Good + "\n", count)), "--no-wait");

        Assert.Equal((0, "", $"nyala: {sum}\n"), (exitCode, output, WithoutSite(error)));
        Assert.Equal(count, await CountAsync());
    }

    [Fact]
    public async Task Refused_and_mismatched_lines_are_printed_and_the_others_are_published()
    {
        string[] lines =
        [
            """{"event":"Built","key":"a","body":1}""", "", "7", """{"event":"Built","key":"a","body":1}""", "\r", """{"event":"Built","key":"a","body":2}""", .. Enumerable.Repeat(Good, 1500),
            """{"event":"Built"}""", Good,
        ];

        (int exitCode, string output, string error) = await BatchAsync("\ufeff" + string.Join('\n', lines), "--no-wait");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal(
            """
            nyala: line 3: The line is not a JSON object. It must be one with the fields event, body and optionally key.
            nyala: line 6: This key was used in the last 24 hours for an event with another type or body. Send that event again, or use a new key for this one.
            nyala: line 1507: 'body' is missing. To publish an event without data, set it to {}.
            nyala: published 1,502 events; 1 replayed; 3 refused.

            """,
            WithoutSite(error));
        Assert.Equal(1502, await CountAsync());
    }

    [Fact]
    public async Task More_refused_lines_than_the_server_describes_are_all_printed()
    {
        (int exitCode, _, string error) = await BatchAsync(Good + "\n" + string.Concat(Enumerable.Repeat("7\n", 50)) + Good);

        Assert.Equal(1, exitCode);
        Assert.Equal(50, error.Split("is not a JSON object").Length - 1);
        Assert.EndsWith("nyala: published 2 events; 50 refused.\n", WithoutSite(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_batch_is_given_up_after_100_refusals()
    {
        (int exitCode, _, string error) = await BatchAsync(string.Concat(Enumerable.Repeat("a,b\n", 5000)));

        Assert.Equal((1, 102), (exitCode, error.TrimEnd().Split('\n').Length));
        Assert.EndsWith(
            "nyala: published 0 events; 100 refused. Stopped: the lines from 1 on were not published.\n"
            + "nyala: the first 100 results are refusals, so nothing more was sent. Is each line of the file a JSON object with the fields event and body?\n",
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_output_has_one_result_for_each_line()
    {
        (int exitCode, string output, _) = await BatchAsync($"{Good}\n\n7\n{Good}", "--json");

        JsonElement[] results = [.. output.TrimEnd().Split('\n').Select(line => JsonElement.Parse(line))];
        Assert.Equal(1, exitCode);
        Assert.Equal([(3, "refused"), (1, "accepted"), (4, "accepted")], results.Select(result => (result.GetProperty("line").GetInt32(), result.GetProperty("outcome").GetString())));
        Assert.Equal([false, true, true], results.Select(result => result.GetProperty("event_id").GetString() is not null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \r\n")]
    [InlineData("\ufeff\n\ufeff")]
    public async Task An_empty_file_publishes_nothing(string content)
    {
        (int exitCode, _, string error) = await BatchAsync(content);

        Assert.Equal((0, "nyala: published 0 events.\n"), (exitCode, error));
    }

    [Fact]
    public async Task Requests_have_at_most_8_MiB_and_a_line_that_does_not_fit_is_refused()
    {
        await using FakeNyala server = await ServeAsync(Accept);
        string[] lines = [.. Enumerable.Range(0, 20).Select(_ => new string('x', 1024 * 1024))];
        lines[1] = new string('y', 8 * 1024 * 1024);
        lines[2] = new string('z', (8 * 1024 * 1024) - 1);

        (int exitCode, _, string error) = await BatchAsync(string.Join('\n', lines));

        Assert.Equal(1, exitCode);
        Assert.Equal("nyala: line 2: The line does not fit in a request, which can have at most 8388608 bytes.\nnyala: published 19 events; 1 refused.\n", WithoutSite(error));
        int[] sizes = [.. Batches(server).Select(call => call.Body.Length)];
        Assert.Equal(19 + (17 * 1024 * 1024) + (1024 * 1024) + (8 * 1024 * 1024) - 1, sizes.Sum());
        Assert.All(sizes, size => Assert.InRange(size, 1, 8 * 1024 * 1024));
    }

    [Fact]
    public async Task Requests_get_fewer_lines_if_the_server_refuses_their_deliveries()
    {
        await using FakeNyala server = await ServeAsync(call => IsBatch(call) && LinesOf(call) > 300 ? (413, """{"detail":"too many deliveries"}""") : Accept(call));

        (int exitCode, _, string error) = await BatchAsync(string.Concat(Enumerable.Repeat(Good + "\n", 1700)));

        Assert.Equal((0, "nyala: published 1,700 events.\n"), (exitCode, WithoutSite(error)));
        Assert.Equal([1000, 500, 250, 250, 250, 250, 250, 250, 200], Batches(server).Select(LinesOf));
    }

    [Fact]
    public async Task A_single_line_that_the_server_refuses_with_413_ends_the_command()
    {
        await using FakeNyala server = await ServeAsync(call => IsBatch(call) ? (413, """{"detail":"too large"}""") : Accept(call));

        (int exitCode, _, string error) = await BatchAsync(string.Concat(Enumerable.Repeat(Good + "\n", 5)));

        Assert.Equal((1, "nyala: too large\n"), (exitCode, WithoutSite(error)));
        Assert.Equal([5, 2, 1], Batches(server).Select(LinesOf));
    }

    [Theory]
    [InlineData(503, "the lines from 1001 on were not published.", "nyala: full\n")]
    [InlineData(0, "lines 1001 to 2000 may have been published, because their response is missing. Later lines were not.", "not from Nyala")]
    public async Task A_failure_says_which_lines_were_published(int status, string stopped, string reason)
    {
        int requests = 0;
        await using FakeNyala server = await ServeAsync(call =>
            !IsBatch(call) || ++requests == 1 ? Accept(call) : status == 0 ? (200, "[{\"line\":1,\"outcome\":\"accepted\"}") : (status, """{"detail":"full"}"""));

        (int exitCode, _, string error) = await BatchAsync(string.Concat(Enumerable.Repeat(Good + "\n", 2500)));

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"nyala: published 1,000 events. Stopped: {stopped}\n", WithoutSite(error), StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_server_is_the_only_message()
    {
        _cli["NYALA_SERVER"] = "http://127.0.0.1:9";
        _cli.Input = Encoding.UTF8.GetBytes(Good);

        (int exitCode, _, string error) = await _cli.RunAsync("events", "publish", "--batch", "-");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("nyala: cannot reach the server at http://127.0.0.1:9", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Standard_input_is_read_with_a_dash()
    {
        _cli.Input = Encoding.UTF8.GetBytes(Good);

        Assert.Equal(0, (await _cli.RunAsync("events", "publish", "--batch", "-", "--site", _site)).ExitCode);

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_named_pipe_is_read_to_its_end()
    {
        string pipe = _folder.In("pipe");
        using (var mkfifo = Process.Start("mkfifo", pipe))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken).InTimeAsync();
            Assert.Equal(0, mkfifo.ExitCode);
        }

        Task<(int ExitCode, string Out, string Error)> publishing = Task.Run(() => _cli.RunAsync("events", "publish", "--batch", pipe, "--site", _site, "--no-wait"));

        // Opening a pipe blocks until it has a reader, so the test must not wait for the writer first.
        Task writing = Task.Run(() => File.WriteAllLines(pipe, Enumerable.Repeat(Good, 1500)), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await publishing.InTimeAsync()).ExitCode);
        await writing.InTimeAsync();
        Assert.Equal(1500, await CountAsync());
    }

    [Theory]
    [InlineData("--batch - Built", "--batch cannot be combined with an event type, a body file or --key: each line of the batch has its own.")]
    [InlineData("--batch - --key k", "--batch cannot be combined with an event type, a body file or --key: each line of the batch has its own.")]
    [InlineData("", "specify an event type, or --batch with a file of events.")]
    [InlineData("Built --json", "--json requires --batch.")]
    public async Task Options_that_contradict_each_other_exit_with_2(string options, string problem)
    {
        await using FakeNyala server = await ServeAsync(Accept);

        (int exitCode, _, string error) = await _cli.RunAsync(["events", "publish", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal((2, $"nyala: {problem} Try \"nyala events publish --help\".\n"), (exitCode, error));
        Assert.Empty(server.Calls());
    }

    [Fact]
    public async Task A_dash_without_piped_input_exits_with_2() => Assert.Equal(
        (2, "", "nyala: - reads standard input: pipe the events in.\n"), await _cli.RunAsync("events", "publish", "--batch", "-"));

    private static bool IsBatch(Call call) => call.Path.EndsWith("/hooks/publish", StringComparison.Ordinal);

    private static int LinesOf(Call call) => call.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    private static IEnumerable<Call> Batches(FakeNyala server) => server.Calls().Where(IsBatch);

    private static (int Status, string Body)? Accept(Call call) => IsBatch(call)
        ? (200, $"[{string.Join(',', call.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((_, at) => $$"""{"line":{{at + 1}},"event_id":"5","outcome":"accepted"}"""))}]")
        : (404, "{}");

    /// <summary>Returns the messages without the notice that the site is new.</summary>
    private static string WithoutSite(string error) => string.Concat(
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("created the new site", StringComparison.Ordinal)).Select(line => line + "\n"));

    private async Task<(int ExitCode, string Out, string Error)> BatchAsync(string content, params string[] options)
    {
        string file = _folder.In("events.ndjson");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        return await _cli.RunAsync(["events", "publish", "--batch", file, "--site", _site, .. options]);
    }

    private async Task<FakeNyala> ServeAsync(Func<Call, (int Status, string Body)?> answer)
    {
        FakeNyala server = await FakeNyala.StartAsync(answer);
        _cli["NYALA_SERVER"] = server.Address.AbsoluteUri;
        return server;
    }

    private async Task<int> CountAsync()
    {
        int count = 0;
        string? next = $"/sites/{_site}/api/events?limit=1000";
        while (next is not null)
        {
            Reply page = await _server.GetAsync(next);
            count += page.Json.GetArrayLength();
            next = page.Headers.TryGetValue("Link", out string? link) ? link.Split('<', '>')[1] : null;
        }

        return count;
    }
}
