using System.Net;
using System.Net.Sockets;
using System.Text;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private const string HookJson =
        """{"id":"12","event":"PostDeployment","url":"http://receiver.example/a/very/long/path/that/no/table/may/cut/in/two/0123456789","insecure_ssl":false,"last_status":"NotFound","last_reason":"no such\u001b[31m page","last_datetime":"2026-02-27T17:45:06Z","last_context":"{}","site":null,"state":"active","created":"2026-02-27T17:45:06Z"}""";

    private readonly CliHarness _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("hooks")]
    [InlineData("hooks list --frob")]
    [InlineData("nonsense")]
    [InlineData("run")]
    [InlineData("run --id a/b -- true")]
    [InlineData("run --site .. -- true")]
    [InlineData("hooks list --server localhost:1")]
    [InlineData("hooks list --site a/b --server http://127.0.0.1:1")]
    [InlineData("deployments list --limit 0")]
    [InlineData("deployments list --limit x")]
    [InlineData("tokens create ci --server http://127.0.0.1:1")]
    [InlineData("tokens create ci --scope write --server http://127.0.0.1:1")]
    [InlineData("tokens create ci --scope read --expires soon --server http://127.0.0.1:1")]
    [InlineData("audit --limit 0 --server http://127.0.0.1:1")]
    [InlineData("audit --limit x --server http://127.0.0.1:1")]
    public async Task Wrong_usage_exits_with_2_and_prints_one_line(string line)
    {
        (int exitCode, string output, string error) = await _cli.RunAsync(line.Split(' '));

        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Matches("^nyala: [^\n]+\n$", error);
    }

    [Theory]
    [InlineData("hoks list", "unknown command or option 'hoks'. Did you mean 'hooks'?", "nyala")]
    [InlineData("deplyo .", "unknown command or option 'deplyo'. Did you mean 'deploy'?", "nyala")]
    [InlineData("sites settngs list shop", "unknown command or option 'settngs'. Did you mean 'settings'?", "nyala sites list")]
    [InlineData("hooks lsit", "unknown command or option 'lsit'. Did you mean 'list'?", "nyala hooks")]
    [InlineData("hooks list --jsno", "unknown command or option '--jsno'. Did you mean '--json'?", "nyala hooks list")]
    [InlineData("hooks show --jsno", "unknown command or option '--jsno'. Did you mean '--json'?", "nyala hooks show")]
    [InlineData("hooks show 12 --stie shop", "unknown command or option '--stie'. Did you mean '--site'?", "nyala hooks show")]
    [InlineData("deploy --sit shop", "unknown command or option '--sit'. Did you mean '--site'?", "nyala deploy")]
    [InlineData("sites settings set shop --fiel x", "unknown command or option '--fiel'. Did you mean '--file'?", "nyala sites settings set")]
    [InlineData("deploy --sit=shop", "unknown command or option '--sit=shop'. Did you mean '--site'?", "nyala deploy")]
    [InlineData("deliveries list --limti:3", "unknown command or option '--limti:3'. Did you mean '--limit'?", "nyala deliveries list")]
    [InlineData("deployments log d1 -g", "unknown command or option '-g'.", "nyala deployments log")]
    [InlineData("frobnicate", "unknown command or option 'frobnicate'.", "nyala")]
    [InlineData("hooks list --frobnicate", "unknown command or option '--frobnicate'.", "nyala hooks list")]
    public async Task A_mistyped_word_exits_with_2_and_suggests_the_nearest_one(string line, string problem, string command) =>
        Assert.Equal((2, "", $"nyala: {problem} Try \"{command} --help\".\n"), await _cli.RunAsync(line.Split(' ')));

    [Theory]
    [InlineData("run --stric -- true", "unknown option '--stric' for \"nyala run\". Did you mean '--strict'?")]
    [InlineData("run --sit=shop true", "unknown option '--sit=shop' for \"nyala run\". Did you mean '--site'?")]
    [InlineData("run --frobnicate true", "unknown option '--frobnicate' for \"nyala run\".")]
    public async Task A_mistyped_option_of_run_exits_with_2_and_suggests_the_nearest_one(string line, string problem) =>
        Assert.Equal((2, "", $"nyala: {problem} Put -- before a command that starts with a dash.\n"), await _cli.RunAsync(line.Split(' ')));

    [Fact]
    public async Task Arguments_after_two_dashes_are_not_options()
    {
        Assert.StartsWith("nyala: --here does not exist. ", (await _cli.RunAsync("deploy", "--", "--here")).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _cli.RunAsync("run", "--", "true", "--jsno")).ExitCode);
    }

    [Theory]
    [InlineData("events publish Built nowhere.json")]
    [InlineData("events publish --batch nowhere.json")]
    [InlineData("hooks add https://a.example/ --ca nowhere.json")]
    [InlineData("hooks add https://a.example/ --client-certificate nowhere.json")]
    [InlineData("hooks add https://a.example/ --secret-file nowhere.json")]
    [InlineData("hooks set 12 --ca nowhere.json")]
    [InlineData("hooks rotate-secret 12 --secret-file nowhere.json")]
    [InlineData("sites settings set shop --file nowhere.json")]
    public async Task A_command_exits_with_1_if_its_file_does_not_exist_or_is_a_folder(string line)
    {
        await using FakeNyala server = await ServeAsync();

        Assert.Equal((1, "", "nyala: file nowhere.json does not exist.\n"), await _cli.RunAsync(line.Split(' ')));
        Assert.Equal((1, "", $"nyala: {Path.GetTempPath()} is a folder, not a file.\n"), await _cli.RunAsync(line.Replace("nowhere.json", Path.GetTempPath(), StringComparison.Ordinal).Split(' ')));
        Assert.Empty(server.Calls());
    }

    [Theory]
    [InlineData("http://0.0.0.0")]
    [InlineData("http://[::]")]
    public async Task The_option_server_with_a_wildcard_address_connects_to_this_machine(string bound)
    {
        await using FakeNyala server = await ServeAsync();

        Assert.Equal((0, "[]\n", ""), await _cli.RunAsync("hooks", "list", "--json", "--server", $"{bound}:{server.Address.Port}"));
    }

    [Fact]
    public async Task Without_a_server_a_command_exits_with_1_and_says_what_to_do() => Assert.Equal(
        (1, "", "nyala: no server found. Start one with \"nyala serve\", or specify one with --server or NYALA_SERVER.\n"), await _cli.RunAsync("hooks", "list"));

    [Fact]
    public async Task The_error_for_an_unreachable_server_names_its_address()
    {
        int port = FreePort.Next();
        _cli["NYALA_SERVER"] = $"http://127.0.0.1:{port}";

        Assert.Equal(
            (1, "", $"nyala: cannot reach the server at http://127.0.0.1:{port}: Connection refused. Start it with \"nyala serve\", or specify another with --server or NYALA_SERVER.\n"),
            await _cli.RunAsync("hooks", "list"));
    }

    [Theory]
    [InlineData("http", "", "If it uses HTTPS, use an https:// URL.")]
    [InlineData("https", "HTTP/1.1 400 Bad Request\r\n\r\n", "If it uses plain HTTP, use an http:// URL. To trust your own certificate authority, set SSL_CERT_FILE to its certificate.")]
    [InlineData("http", "HTTP/1.1 503 Größe – später\r\nContent-Length: 0\r\n\r\n", "The server responded with 503 Größe – später.")]
    [InlineData("http", "\u0015\u0003\u0003\u0000\u0002\u0002\u0028", "If it uses HTTPS, use an https:// URL.")]
    public async Task The_error_explains_a_wrong_URL_scheme_or_a_503(string scheme, string answer, string words)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = AnswerAsync();
        _cli["NYALA_SERVER"] = $"{scheme}://{listener.LocalEndpoint}";

        (int exitCode, _, string error) = await _cli.RunAsync("hooks", "list");

        Assert.Equal(1, exitCode);
        Assert.EndsWith($"{words}\n", error, StringComparison.Ordinal);

        // The client repeats a request that got not a single byte of a response.
        async Task AnswerAsync()
        {
            while (true)
            {
                using Socket connection = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
                await connection.ReceiveAsync(new byte[4096]);
                await connection.SendAsync(Encoding.UTF8.GetBytes(answer));
                connection.Shutdown(SocketShutdown.Send);
            }
        }
    }

    [Fact]
    public async Task A_command_that_gets_400_exits_with_1_and_prints_the_error_of_the_server()
    {
        await using FakeNyala server = await ServeAsync(_ => (400, """{"title":"Bad","detail":"The url must be absolute."}"""));

        Assert.Equal((1, "", "nyala: The url must be absolute.\n"), await _cli.RunAsync("hooks", "add", "nonsense"));
    }

    [Fact]
    public async Task The_error_for_a_401_depends_on_whether_a_token_was_sent()
    {
        await using FakeNyala server = await ServeAsync(_ => (401, ""));

        Assert.Contains("requires a token: set NYALA_TOKEN", (await _cli.RunAsync("hooks", "list")).Error, StringComparison.Ordinal);
        Assert.Contains("does not accept the token", (await _cli.RunAsync("hooks", "list", "--token", "t")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_that_is_not_from_Nyala_prints_one_line_of_error()
    {
        await using FakeNyala server = await ServeAsync(_ => (200, "<html>"));

        Assert.Matches("^nyala: the server at [^\n]+ sent a response that is not from Nyala[^\n]+\n$", (await _cli.RunAsync("hooks", "list")).Error);
    }

    [Fact]
    public async Task A_table_that_is_not_on_a_terminal_has_one_line_per_row_and_no_escapes()
    {
        await using FakeNyala server = await ServeAsync(_ => (200, $"[{HookJson}]"));

        (int exitCode, string output, _) = await _cli.RunAsync("hooks", "list");

        Assert.Equal(0, exitCode);
        Assert.Equal(
            """
            ID  SITE   EVENT           FILTER  STATE   LAST          URL
            12  (all)  PostDeployment          active  404 NotFound  http://receiver.example/a/very/long/path/that/no/table/may/cut/in/two/0123456789

            """,
            output);
    }

    [Fact]
    public async Task With_json_the_output_has_the_field_names_of_the_API()
    {
        await using FakeNyala server = await ServeAsync(_ => (200, $"[{HookJson}]"));

        (_, string output, _) = await _cli.RunAsync("hooks", "list", "--json");

        Assert.StartsWith("[\n  {\n    \"id\": \"12\",\n    \"event\": \"PostDeployment\",\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_ping_exits_with_1_and_prints_the_response()
    {
        await using FakeNyala server = await ServeAsync(call => (200, call.Method == "POST" ? PingJson("failed", 404, "no such page") : HookJson));

        (int exitCode, _, string error) = await _cli.RunAsync("hooks", "ping", "12");

        Assert.Equal(1, exitCode);
        Assert.EndsWith("answered 404 NotFound in 12 ms: no such page\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delivered_ping_exits_with_0_and_prints_the_response()
    {
        await using FakeNyala server = await ServeAsync(call => (200, call.Method == "POST" ? PingJson("delivered", 200, "hello") : HookJson));

        (int exitCode, string output, _) = await _cli.RunAsync("hooks", "ping", "12");

        // The response to the previous attempt of the hook is not printed as the response to the ping.
        Assert.Equal(0, exitCode);
        Assert.EndsWith("answered 200 OK in 12 ms: hello\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ping_answered_with_410_exits_with_1_and_says_that_the_hook_is_now_gone()
    {
        await using FakeNyala server = await ServeAsync(call => (200, call.Method == "POST" ? PingJson("gone", 410, "") : HookJson));

        (int exitCode, _, string error) = await _cli.RunAsync("hooks", "ping", "12");

        Assert.Equal(1, exitCode);
        Assert.Contains("answered 410 Gone in 12 ms. The hook is now gone", error, StringComparison.Ordinal);
        Assert.Contains("nyala hooks restore 12", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ping_of_a_gone_hook_exits_with_1_and_names_the_restore_command()
    {
        await using FakeNyala server = await ServeAsync(_ => (200, HookJson.Replace("\"state\":\"active\"", "\"state\":\"gone\"", StringComparison.Ordinal)));

        (int exitCode, _, string error) = await _cli.RunAsync("hooks", "ping", "12");

        Assert.Equal(1, exitCode);
        Assert.Contains("nyala hooks restore 12", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resend_that_has_not_ended_does_not_print_the_response_of_an_earlier_attempt()
    {
        const string Json = """{"id":"7","webhook_id":"msg_7","event":{"id":"6","type":"Built","site":"shop","created":"2026-02-27T17:45:06Z"},"hook":"12","state":"pending","attempts":3,"created":"2026-02-27T17:45:06Z","last_status":503,"last_reason":"The receiver responded with 503."}""";
        await using FakeNyala server = await ServeAsync(_ => (200, Json));

        (int exitCode, _, string error) = await _cli.RunAsync("deliveries", "redeliver", "7");

        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("503", error, StringComparison.Ordinal);
        Assert.Contains("its attempt has not ended yet", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_can_be_removed_by_id_or_by_URL()
    {
        await using FakeNyala server = await ServeAsync();

        await _cli.RunAsync("hooks", "remove", "12", "--site", "shop");
        await _cli.RunAsync("hooks", "remove", "http://a.example/b?c=d");

        Assert.Equal(["/sites/shop/api/hooks/12", "/api/hooks?url=http%3A%2F%2Fa.example%2Fb%3Fc%3Dd"], server.Calls().Select(call => call.Path));
    }

    [Theory]
    [InlineData(null, null, "{}")]
    [InlineData("", null, "{}")]
    [InlineData("{\"a\": 1}", null, "{\"a\": 1}")]
    [InlineData("{\"a\": 1}", "-", "{\"a\": 1}")]
    public async Task An_event_is_published_with_the_body_from_standard_input(string? input, string? file, string body)
    {
        await using FakeNyala server = await ServeAsync();
        _cli.Input = input is null ? null : System.Text.Encoding.UTF8.GetBytes(input);
        string[] args = file is null ? ["events", "publish", "Built", "--no-wait"] : ["events", "publish", "Built", file, "--no-wait"];

        Assert.Equal(0, (await _cli.RunAsync(args)).ExitCode);

        Call call = Assert.Single(server.Calls());
        Assert.Equal(("/api/hooks/publish/Built", body, "respond-async"), (call.Path, call.Body, call.Prefer));
    }

    [Fact]
    public async Task An_invalid_secret_is_neither_sent_nor_printed()
    {
        await using FakeNyala server = await ServeAsync();
        _cli.Input = "whsec_short\n"u8.ToArray();

        (int exitCode, _, string error) = await _cli.RunAsync("hooks", "add", "http://a.example", "--secret-file", "-");

        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("short", error, StringComparison.Ordinal);
        Assert.Empty(server.Calls());
    }

    private async Task<FakeNyala> ServeAsync(Func<Call, (int Status, string Body)?>? answer = null)
    {
        FakeNyala server = await FakeNyala.StartAsync(answer);
        _cli["NYALA_SERVER"] = server.Address.AbsoluteUri;
        return server;
    }

    private static string PingJson(string state, int status, string answer) =>
        $$"""
        {"id":"7","webhook_id":"msg_7","event":{"id":"6","type":"Ping","site":"shop","created":"2026-02-27T17:45:06Z"},"hook":"12","state":"{{state}}","attempts":1,
        "created":"2026-02-27T17:45:06Z","history":[{"number":1,"started":"2026-02-27T17:45:06Z","duration_seconds":0.0124,"status":{{status}},"answer":"{{answer}}"}]}
        """;
}
