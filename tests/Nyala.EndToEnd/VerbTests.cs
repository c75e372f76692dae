using System.Text.Json;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>The commands against a real server. Results go to standard output, everything else to standard error.</summary>
public sealed class VerbTests : IAsyncLifetime
{
    private readonly Machine _machine = new();
    private Receiver _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        await _machine.ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _machine.Dispose();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_hook_can_be_added_listed_shown_and_removed()
    {
        (int exitCode, string added, string hint) = await _machine.RunAsync("hooks", "add", _receiver.Url, "--site", "shop", "--event", "Built", "--json");
        JsonElement hook = Parse(added);
        string id = hook.GetProperty("id").GetString()!;
        Assert.Equal((0, ""), (exitCode, hint));
        Assert.StartsWith("whsec_", hook.GetProperty("secret").GetString(), StringComparison.Ordinal);

        (_, string again, string known) = await _machine.RunAsync("hooks", "add", _receiver.Url, "--site", "shop", "--event", "built");
        Assert.Contains($" {id}\n", again, StringComparison.Ordinal);
        Assert.Contains("nyala: ", known, StringComparison.Ordinal);

        string list = await _machine.DoneAsync("hooks", "list");
        Assert.Equal(["ID", "SITE", "EVENT", "FILTER", "STATE", "LAST", "URL"], Words(list.Split('\n')[0]));
        Assert.Equal([id, "shop", "Built", "active", _receiver.Url], Words(list.Split('\n')[1]));

        JsonElement shown = Parse(await _machine.DoneAsync("hooks", "show", id, "--json"));
        Assert.Equal((id, _receiver.Url, false), (shown.GetProperty("id").GetString(), shown.GetProperty("url").GetString(), shown.TryGetProperty("secret", out _)));

        Assert.Equal((0, "", "nyala: removed.\n"), await _machine.RunAsync("hooks", "remove", id));
        Assert.Equal((0, "[]\n", ""), await _machine.RunAsync("hooks", "list", "--json"));
        AssertRefused("no hook with this id", await _machine.RunAsync("hooks", "show", id));
    }

    [Fact]
    public async Task A_template_from_a_file_writes_the_request()
    {
        string file = Path.Combine(_machine.Work, "release.liquid");
        await File.WriteAllTextAsync(file, "{\n  \"what\": {{ payload.what | json }}\n}\n", TestContext.Current.CancellationToken);
        await _machine.DoneAsync("hooks", "add", _receiver.Url, "--event", "Built", "--template", file, "--method", "PUT", "--template-header", "X-What: {{ payload.what | upcase }}");

        string body = Path.Combine(_machine.Work, "body.json");
        await File.WriteAllTextAsync(body, """{"what":"a \"b\""}""", TestContext.Current.CancellationToken);
        await _machine.DoneAsync("events", "publish", "Built", body);

        Received received = await _receiver.NextAsync();
        Assert.Equal(("PUT", "{\n  \"what\": \"a \\\"b\\\"\"\n}", "A \"B\""), (received.Method, received.Text, received.Headers["X-What"]));
    }

    [Fact]
    public async Task A_ping_prints_the_response_of_the_receiver()
    {
        await using Receiver down = Receiver.Down();
        string good = await AddAsync(_receiver);
        string bad = await AddAsync(down);

        (int done, string told, string silent) = await _machine.RunAsync("hooks", "ping", good);
        Assert.Equal((0, ""), (done, silent));
        Assert.StartsWith($"{_receiver.Url} answered 200 OK in ", told, StringComparison.Ordinal);
        Received ping = await _receiver.NextAsync();
        Assert.Equal((good, "Ping"), (ping["hookId"], ping.Headers["Nyala-Event"]));

        (int exitCode, string output, string error) = await _machine.RunAsync("hooks", "ping", bad);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith($"nyala: {down.Url} did not answer: ", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("/nowhere/worktrees/other")]
    public async Task Ignored_files_are_not_sent_even_if_GIT_DIR_names_another_repository(string repository)
    {
        await File.WriteAllTextAsync(Path.Combine(_machine.Work, ".gitignore"), ".env\n", TestContext.Current.CancellationToken);
        _machine.Commit("My fix");
        await File.WriteAllTextAsync(Path.Combine(_machine.Work, ".env"), "secret", TestContext.Current.CancellationToken);
        string web = Directory.CreateDirectory(Path.Combine(_machine.Work, "web")).FullName;
        await File.WriteAllTextAsync(Path.Combine(web, ".env"), "secret", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(web, "index.html"), "Hello", TestContext.Current.CancellationToken);
        _machine.Variables["GIT_DIR"] = repository;
        _machine.Variables["GIT_INDEX_FILE"] = Path.Combine(repository, "index");

        (int exitCode, _, string error) = await _machine.RunAsync("deploy", web);

        Assert.Equal(0, exitCode);
        Assert.StartsWith("nyala: not sent because git ignores it: .env. Use --include-ignored to send it.\nnyala: sending 1 file of ", error, StringComparison.Ordinal);
        Assert.Equal("My fix", Parse(await _machine.DoneAsync("deployments", "show", "latest", "--json")).GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_published_event_is_delivered_byte_for_byte()
    {
        const string Body = "{ \"a\" : 1.0,\n  \"b\":\"☕\" }\n";
        await AddAsync(_receiver, "Built");
        await File.WriteAllTextAsync(Path.Combine(_machine.Work, "event.json"), Body, TestContext.Current.CancellationToken);

        (int published, string output, string said) = await _machine.RunAsync("events", "publish", "Built", "event.json");
        Assert.Equal((0, ""), (published, output));
        Assert.Matches("^nyala: published as event [0-9]+, 27 bytes\\.\n$", said);
        Received first = await _receiver.NextAsync();
        NyalaProcess piped = _machine.Start("events", "publish", "built", "-", "--no-wait");
        piped.Type("[2]");
        Assert.Equal(0, (await piped.EndAsync()).ExitCode);
        Received second = await _receiver.NextAsync();

        Assert.Equal((Body, "[2]"), (first.Text, second.Text));
        NyalaProcess broken = _machine.Start("events", "publish", "Built");
        broken.Type("{\"a\":");
        AssertRefused("JSON", await broken.EndAsync());
    }

    [Fact]
    public async Task A_deployment_can_be_listed_and_shown_and_its_log_can_be_read()
    {
        _machine.Commit("Say hello");
        Assert.Equal(4, (await _machine.DeployAsync("--site", "shop", "--id", "v1", "--", "sh", "-c", "echo half way; exit 4")).ExitCode);

        string[] list = (await _machine.DoneAsync("deployments", "list")).Split('\n');
        Assert.Equal(["ID", "SITE", "RUN", "STATUS", "STARTED", "DURATION", "AUTHOR", "MESSAGE"], Words(list[0]));
        Assert.Equal(["v1", "shop", "1", "failed"], Words(list[1])[..4]);
        Assert.EndsWith("Ann     Say hello", list[1], StringComparison.Ordinal);

        string show = await _machine.DoneAsync("deployments", "show", "v1");
        Assert.Contains("exit code 4", show, StringComparison.Ordinal);
        Assert.Contains("Ann <ann@example.com>", show, StringComparison.Ordinal);

        JsonElement latest = Parse(await _machine.DoneAsync("deployments", "show", "latest", "--site", "shop", "--json"));
        Assert.Equal(("v1", 3, "trunk"), (latest.GetProperty("id").GetString(), latest.GetProperty("status").GetInt32(), latest.GetProperty("branch").GetString()));

        JsonElement log = Parse(await _machine.DoneAsync("deployments", "log", "v1", "--json"));
        Assert.Contains(log.EnumerateArray(), entry => entry.GetProperty("message").GetString() == "half way");
        AssertRefused("'v2' not found", await _machine.RunAsync("deployments", "show", "v2"));
    }

    [Fact]
    public async Task A_token_can_be_created_used_listed_and_revoked_and_is_in_the_audit_log()
    {
        await _machine.DoneAsync("sites", "create", "shop");
        (int exitCode, string created, string hint) = await _machine.RunAsync("tokens", "create", "build", "--scope", "deploy", "--site", "shop", "--expires", "90d");
        string token = created.TrimEnd();
        string id = hint.TrimEnd('.', '\n').Split(' ')[^1];
        Assert.Equal(0, exitCode);
        Assert.Matches("^nyala_[A-Za-z0-9_-]{43}\n$", created);

        Assert.Equal(0, (await _machine.RunAsync("deployments", "list", "--site", "shop", "--token", token)).ExitCode);
        AssertRefused("limited to the site 'shop': use --site shop", await _machine.RunAsync("deployments", "list", "--token", token));
        AssertRefused("needs the scope hooks", await _machine.RunAsync("hooks", "add", _receiver.Url, "--site", "shop", "--token", token));

        string[] list = (await _machine.DoneAsync("tokens", "list")).Split('\n');
        Assert.Equal([id, "build", "deploy", "shop"], Words(list[1])[..4]);
        Assert.DoesNotContain("never", list[1], StringComparison.Ordinal);

        Assert.Equal((0, "", "nyala: revoked.\n"), await _machine.RunAsync("tokens", "revoke", id));
        AssertRefused("does not accept the token", await _machine.RunAsync("deployments", "list", "--site", "shop", "--token", token));
        Assert.Equal(["token.revoked", "token.created"], Parse(await _machine.DoneAsync("audit", "--limit", "2", "--json")).EnumerateArray().Select(change => change.GetProperty("action").GetString()!));
        Assert.Contains("token.revoked", await _machine.DoneAsync("audit"), StringComparison.Ordinal);
    }

    private static void AssertRefused(string reason, (int ExitCode, string Out, string Error) ended)
    {
        Assert.Equal((1, ""), (ended.ExitCode, ended.Out));
        Assert.StartsWith("nyala: ", ended.Error, StringComparison.Ordinal);
        Assert.Contains(reason, ended.Error, StringComparison.Ordinal);
        Assert.Equal(1, ended.Error.Count(c => c == '\n'));
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private async Task<string> AddAsync(Receiver receiver, string type = "*") =>
        Parse(await _machine.DoneAsync("hooks", "add", receiver.Url, "--event", type, "--json")).GetProperty("id").GetString()!;
}
