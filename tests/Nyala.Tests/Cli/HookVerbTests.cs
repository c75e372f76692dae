using System.Text.Json;
using Nyala.Cli.Hooks;
using Nyala.Client;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary><c>nyala hooks</c> and <c>nyala events publish</c>, against a real server.</summary>
public sealed class HookVerbTests : IDisposable
{
    private readonly TestServer _server;
    private readonly CliHarness _cli = new();
    private readonly string _site = Some.Site();

    public HookVerbTests(SharedServer shared)
    {
        _server = shared.Server;
        _cli["NYALA_SERVER"] = _server.Address.AbsoluteUri;
        _cli["NYALA_TOKEN"] = TestServer.Token;
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Adding_a_hook_sets_all_options()
    {
        JsonElement hook = await JsonAsync(
            "hooks", "add", "--when", "broke,fixed", "--only-branch", "main,release/*", "--only-author", "Ann Lee", "--only-site", _site, "--ordered", "--rate", "60",
            "--header", "X-Team: web", "--header", "X-Key:s:1", "--insecure-ssl", "--description", "Tells the team", Some.Url());

        Assert.Equal(
            $$"""{"site":["{{_site}}"],"branch":["main","release/*"],"author":["Ann Lee"],"change":["broke","fixed"]}""", JsonSerializer.Serialize(hook.GetProperty("filter")));
        Assert.Equal("""{"X-Team":"***","X-Key":"***"}""", JsonSerializer.Serialize(hook.GetProperty("headers")));
        Assert.Equal(
            (true, 60, true, "Tells the team"),
            (hook.GetProperty("ordered").GetBoolean(), hook.GetProperty("rate").GetInt32(), hook.GetProperty("insecure_ssl").GetBoolean(), hook.GetProperty("description").GetString()));
    }

    [Fact]
    public async Task A_template_is_read_from_a_file_or_from_standard_input()
    {
        using var folder = new TempFolder();
        string file = Path.Combine(folder.Path, "body.liquid");
        await File.WriteAllTextAsync(file, "{{ title }}\n", TestContext.Current.CancellationToken);
        string[] template = ["--template", file, "--content-type", "text/plain", "--method", "put", "--template-header", "X-Status: {{ payload.status }}", "--escape", "none"];

        JsonElement hook = await JsonAsync(["hooks", "add", Some.Url(), "--site", _site, .. template]);

        Assert.Equal(
            """{"body":"{{ title }}","content_type":"text/plain","method":"PUT","headers":{"X-Status":"{{ payload.status }}"},"escape":"none"}""",
            JsonSerializer.Serialize(hook.GetProperty("template")));
        (int exitCode, string shown, _) = await _cli.RunAsync("hooks", "show", hook.GetProperty("id").GetString()!);
        Assert.Equal(0, exitCode);
        Assert.Contains("PUT text/plain, 11 characters, escaped as none", shown, StringComparison.Ordinal);
        Assert.Contains("X-Status: {{ payload.status }}", shown, StringComparison.Ordinal);

        _cli.Input = "{{ title }}\n{{ payload.branch }}\r\n"u8.ToArray();
        (exitCode, shown, _) = await _cli.RunAsync("hooks", "preview", Some.Url(), "--sample", "broke", "--site", _site, "--template", "-", "--content-type", "text/plain");
        Assert.Equal(0, exitCode);
        Assert.EndsWith($"\n\n❌ Broken: deployment of {_site} failed\nmain\n", shown, StringComparison.Ordinal);
        (exitCode, _, string refused) = await _cli.RunAsync("hooks", "add", Some.Url(), "--method", "PUT");
        Assert.Equal((2, true), (exitCode, refused.Contains("--method needs --template.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("--when broke,fixed", """{"change":["broke","fixed"]}""")]
    [InlineData("--when broke --when fixed", """{"change":["broke","fixed"]}""")]
    [InlineData("--when Still-Failing", """{"change":["still_failing"]}""")]
    [InlineData("--when failed", """{"status":["failed"]}""")]
    [InlineData("--when succeeded,failed", """{"status":["failed","success"]}""")]
    [InlineData("--when fixed,failed", """[{"change":["fixed"]},{"status":["failed"]}]""")]
    [InlineData("--when failed,broke --only-branch main --only-author Ann", """[{"branch":["main"],"author":["Ann"],"change":["broke"]},{"status":["failed"],"branch":["main"],"author":["Ann"]}]""")]
    [InlineData("--when broke --only-status failed", """{"status":["failed"],"change":["broke"]}""")]
    [InlineData("--only-when broke", """{"change":["broke"]}""")]
    [InlineData("""--filter {"status":["failed"]} --filter {"status":["success"],"branch":["main"]}""", """[{"status":["failed"]},{"status":["success"],"branch":["main"]}]""")]
    [InlineData("""--filter [{"status":["failed"]},{"branch":["main"]}]""", """[{"status":["failed"]},{"branch":["main"]}]""")]
    [InlineData("--filter {}", "null")]
    public async Task The_options_of_a_hook_become_its_filter(string options, string filter)
    {
        string id = await AddAsync("--filter", """{"branch":["x"]}""");

        Assert.Equal(filter, JsonSerializer.Serialize((await JsonAsync(["hooks", "set", id, .. options.Split(' ')])).GetProperty("filter")));
    }

    [Fact]
    public async Task An_unknown_word_of_when_exits_with_2_and_lists_the_known_ones() => Assert.Equal(
        (2, "", "nyala: --when does not take 'breaks'. The words are broke, fixed, still_failing, failed and success.\n"), await _cli.RunAsync("hooks", "set", "1", "--when", "broke,breaks"));

    [Fact]
    public async Task When_refuses_the_start_of_a_deployment_and_names_its_event() => Assert.Equal(
        (2, "", "nyala: --when does not take 'started'. To be notified when a deployment starts, add a hook with --event DeploymentStarted.\n"),
        await _cli.RunAsync("hooks", "add", Some.Url(), "--when", "started"));

    [Fact]
    public async Task Hooks_set_keeps_fields_that_are_not_given_and_clears_fields_on_request()
    {
        string id = await AddAsync("--filter", """{"status":["failed"]}""", "--rate", "60", "--header", "X-Team: web", "--description", "a", "--ordered");

        JsonElement changed = await JsonAsync("hooks", "set", id, "--ordered", "false", "--only-status", "success,failed");
        Assert.Equal((false, 60), (changed.GetProperty("ordered").GetBoolean(), changed.GetProperty("rate").GetInt32()));
        Assert.Equal("""{"status":["failed","success"]}""", JsonSerializer.Serialize(changed.GetProperty("filter")));

        JsonElement bare = await JsonAsync("hooks", "set", id, "--no-filter", "--no-rate", "--no-headers", "--no-description");
        Assert.Equal(
            ("", "", "", ""),
            (bare.GetProperty("filter").ToString(), bare.GetProperty("rate").ToString(), bare.GetProperty("headers").ToString(), bare.GetProperty("description").ToString()));
    }

    [Fact]
    public async Task The_format_fits_the_url_and_the_log_lines_fit_the_format_unless_others_are_set()
    {
        JsonElement added = await JsonAsync("hooks", "add", $"https://hooks.slack.com/services/T0/B0/{_site}");
        string id = added.GetProperty("id").GetString()!;

        JsonElement set = await JsonAsync("hooks", "set", id, "--format", "teams", "--log-lines", "40");
        JsonElement reset = await JsonAsync("hooks", "set", id, "--no-format", "--no-log-lines");

        Assert.Equal((("slack", 15), ("teams", 40), ("slack", 15)), (Format(added), Format(set), Format(reset)));

        static (string?, int) Format(JsonElement hook) => (hook.GetProperty("format").GetString(), hook.GetProperty("log_lines").GetInt32());
    }

    [Fact]
    public async Task A_preview_prints_the_request_and_adds_no_hook()
    {
        string url = Some.Url();
        (int exitCode, string output, string error) = await _cli.RunAsync("hooks", "preview", url, "--site", _site, "--format", "gotify", "--sample", "fixed");

        Assert.Equal((0, "nyala: this shows a sample. Nothing was sent.\n"), (exitCode, error));
        Assert.StartsWith($"POST {url}\nHost: ", output, StringComparison.Ordinal);
        Assert.Contains("\nwebhook-signature: ***\n", output, StringComparison.Ordinal);
        Assert.Contains($"\n\n{{\"title\":\"✅ Fixed: deployment of {_site} succeeded\"", output, StringComparison.Ordinal);
        Assert.Equal("[]", (await _server.GetAsync($"/sites/{_site}/api/hooks")).Text);
    }

    [Fact]
    public async Task A_ping_answered_with_an_error_inside_a_200_prints_the_services_own_words_and_exits_with_1()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerNext(new Answer(200, """{"ok":false,"error":"no_team"}"""), new Answer(200, """{"ok":false,"error":"ratelimited"}"""));
        string id = (await JsonAsync("hooks", "add", receiver.Url.AbsoluteUri, "--format", "slack")).GetProperty("id").GetString()!;

        (int exitCode, _, string error) = await _cli.RunAsync("hooks", "ping", id);
        (_, _, string again) = await _cli.RunAsync("hooks", "ping", id);
        await _cli.RunAsync("hooks", "restore", id);
        (int limited, _, string later) = await _cli.RunAsync("hooks", "ping", id);

        Assert.Equal((1, 1), (exitCode, limited));
        Assert.Contains("The hook is now gone", error, StringComparison.Ordinal);
        Assert.Contains("It said: no_team", error, StringComparison.Ordinal);
        Assert.Contains($"hook {id} is gone. Slack responded that the destination no longer exists (no_team). Nothing is sent to it.", again, StringComparison.Ordinal);
        Assert.Contains("It said: ratelimited", later, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_can_be_paused_and_resumed_and_enabling_a_paused_hook_exits_with_1()
    {
        string id = await AddAsync();

        Assert.Equal("paused", (await JsonAsync("hooks", "pause", id)).GetProperty("state").GetString());
        (int exitCode, string output, string error) = await _cli.RunAsync("hooks", "enable", id);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal("nyala: The hook is paused. Only a hook that is disabled can be re-enabled. To resume it, use \"nyala hooks resume ID\".\n", error);
        Assert.Equal("active", (await JsonAsync("hooks", "resume", id)).GetProperty("state").GetString());
        Assert.Equal("active", (await JsonAsync("hooks", "enable", id)).GetProperty("state").GetString());
        Assert.Equal("active", (await JsonAsync("hooks", "restore", id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_gone_hook_is_listed_only_with_the_option_all()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerAlways(410);
        string id = (await JsonAsync("hooks", "add", receiver.Url.AbsoluteUri, "--site", _site)).GetProperty("id").GetString()!;
        Assert.Equal(0, (await _cli.RunAsync("events", "publish", "PostDeployment", "--site", _site)).ExitCode);

        Assert.Empty((await JsonAsync("hooks", "list", "--site", _site)).EnumerateArray());
        Assert.Equal(id, Assert.Single((await JsonAsync("hooks", "list", "--all", "--site", _site)).EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_rotated_secret_is_shown_only_once()
    {
        string id = await AddAsync();

        (int exitCode, string output, string error) = await _cli.RunAsync("hooks", "rotate-secret", id, "--overlap", "2h");

        Assert.Equal(0, exitCode);
        Assert.Matches("secret +whsec_[^\n]+\nold secret until +[0-9]", output);
        Assert.StartsWith("nyala: save the secret now", error, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", (await _cli.RunAsync("hooks", "show", id)).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "The old secret is no longer valid: ")]
    [InlineData("2h", "Requests are also signed with the old secret until 20")]
    public async Task Rotating_a_secret_says_how_long_the_old_secret_is_used(string overlap, string told) =>
        Assert.Contains(told, (await _cli.RunAsync("hooks", "rotate-secret", await AddAsync(), "--overlap", overlap)).Error, StringComparison.Ordinal);

    [Fact]
    public async Task A_hook_can_be_named_by_part_of_its_id_by_its_URL_or_as_latest()
    {
        string id = (await JsonAsync("hooks", "add", "https://a.example/" + _site, "--site", _site)).GetProperty("id").GetString()!;
        foreach (string which in (string[])[id, id[..^1], id[^6..], "https://a.example/" + _site, "latest"])
        {
            Assert.Equal(id, (await JsonAsync("hooks", "show", which, "--site", _site)).GetProperty("id").GetString());
        }

        Assert.Equal(1, (await _cli.RunAsync("hooks", "show", id[..3], "--site", _site)).ExitCode);
        string other = await AddAsync();
        (int exitCode, _, string error) = await _cli.RunAsync("hooks", "pause", id[..4], "--site", _site);
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"nyala: '{id[..4]}' matches more than one hook: {other} (PostDeployment, ", error, StringComparison.Ordinal);
        Assert.Contains($"; {id} (PostDeployment, https://a.example/{_site}). Use the full ID.", error, StringComparison.Ordinal);
        Assert.Equal((0, "", "nyala: removed.\n"), await _cli.RunAsync("hooks", "remove", id[..^1], "--site", _site));
        Assert.Equal(other, (await JsonAsync("hooks", "show", "latest", "--site", _site)).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Adding_a_hook_to_an_unknown_site_says_that_the_site_was_created()
    {
        string told = $"nyala: this created the new site '{_site}'. If that is a typo, run \"nyala sites remove {_site} --yes\".\n";

        Assert.EndsWith(told, (await _cli.RunAsync("hooks", "add", Some.Url(), "--site", _site)).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("created the new site", (await _cli.RunAsync("hooks", "add", Some.Url(), "--site", _site)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Showing_a_hook_prints_its_settings()
    {
        string id = await AddAsync("--when", "broke", "--rate", "5", "--ordered", "--header", "X-Team: web", "--description", "Tells the team");

        string shown = (await _cli.RunAsync("hooks", "show", id)).Out;

        Assert.Matches("""(?s)description +Tells the team\n.*filter +\{"change":\["broke"\]\}\n.*ordered +yes.*rate +at most 5 attempts per minute\n.*headers +X-Team: \*\*\*\n""", shown);
    }

    [Fact]
    public async Task Showing_a_hook_prints_each_of_its_filters_on_a_line()
    {
        string id = await AddAsync("--when", "failed,fixed", "--only-branch", "main");

        string shown = (await _cli.RunAsync("hooks", "show", id)).Out;

        Assert.Matches("""(?s)\nfilter +\{"branch":\["main"\],"change":\["fixed"\]\}\nor filter +\{"status":\["failed"\],"branch":\["main"\]\}\n""", shown);
    }

    [Fact]
    public async Task An_event_with_a_used_key_is_not_published_again()
    {
        (int exitCode, string output, string first) = await _cli.RunAsync("events", "publish", "PostDeployment", "--site", _site, "--key", "k1");
        (_, _, string again) = await _cli.RunAsync("events", "publish", "PostDeployment", "--site", _site, "--key", "k1");

        Assert.Equal((0, ""), (exitCode, output));
        Assert.Matches("^nyala: published as event [0-9]+, 2 bytes\\.\n$", first);
        Assert.Equal($"nyala: already published with this key as {first.Split(' ')[3]} {first.Split(' ')[4].TrimEnd(',')}. Nothing was sent again.\n", again);
    }

    [Theory]
    [InlineData("hooks set 1")]
    [InlineData("hooks set 1 --filter {")]
    [InlineData("hooks set 1 --filter {\"fliter\":[]}")]
    [InlineData("hooks set 1 --filter []")]
    [InlineData("hooks set 1 --filter [null]")]
    [InlineData("hooks set 1 --filter null")]
    [InlineData("hooks set 1 --filter {}{}")]
    [InlineData("hooks set 1 --filter {\"status\":[\"failed\"]} --filter 7")]
    [InlineData("hooks set 1 --filter {} --when broke")]
    [InlineData("hooks set 1 --filter {} --only-branch main")]
    [InlineData("hooks set 1 --when broke,")]
    [InlineData("hooks set 1 --when failed --only-status success")]
    [InlineData("hooks set 1 --header X")]
    [InlineData("hooks set 1 --rate many")]
    [InlineData("hooks set 1 --rate 0")]
    [InlineData("hooks set 1 --rate 60 --no-rate")]
    [InlineData("hooks set 1 --format slack --no-format")]
    [InlineData("hooks set 1 --log-lines 3 --no-log-lines")]
    [InlineData("hooks preview https://example.com --sample fixed --event-id 1")]
    [InlineData("hooks set 1 --when broke --no-filter")]
    [InlineData("hooks set 1 --header X:1 --no-headers")]
    [InlineData("hooks set 1 --description x --no-description")]
    [InlineData("hooks pause")]
    public async Task Wrong_usage_exits_with_2_and_prints_one_line(string line)
    {
        (int exitCode, string output, string error) = await _cli.RunAsync(line.Split(' '));

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Matches("^nyala: [^\n]+\n$", error);
    }

    [Fact]
    public async Task A_rate_that_is_not_a_number_exits_with_2_and_names_the_range() => Assert.Equal(
        (2, "", "nyala: --rate must be a whole number from 1 to 60000. Try \"nyala hooks set --help\".\n"), await _cli.RunAsync("hooks", "set", "1", "--rate", "abc"));

    [Fact]
    public async Task Adding_and_removing_a_hook_say_what_changed()
    {
        string url = Some.Url();
        Assert.StartsWith("nyala: save the secret now", (await _cli.RunAsync("hooks", "add", url, "--site", _site)).Error, StringComparison.Ordinal);
        Assert.Equal("nyala: this hook already exists. Its settings were updated.\n", (await _cli.RunAsync("hooks", "add", url, "--site", _site)).Error);

        string listed = "nothing was removed. To see all hooks, run \"nyala hooks list\".\n";
        Assert.Equal((0, "", "nyala: removed.\n"), await _cli.RunAsync("hooks", "remove", url, "--site", _site));
        Assert.Equal((1, "", $"nyala: hook '{url}' does not exist; {listed}"), await _cli.RunAsync("hooks", "remove", url, "--site", _site));
        string id = await AddAsync();
        Assert.Equal((0, "", "nyala: removed.\n"), await _cli.RunAsync("hooks", "remove", id));
        Assert.Equal((1, "", $"nyala: hook '{id}' does not exist; {listed}"), await _cli.RunAsync("hooks", "remove", id));
    }

    [Fact]
    public void The_state_of_a_hook_says_why_its_deliveries_are_held()
    {
        var time = new DateTimeOffset(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);
        var hook = new Hook { Id = "1", Url = "https://a.example/", Event = "Built" };

        Assert.Equal("active", State(hook with { StateSince = time }));
        Assert.Equal("held until 2026-02-27 17:45:06Z: attempts keep failing", State(hook with { Held = "breaker", HeldUntil = time }));
        Assert.Equal("held until 2026-02-27 17:45:06Z: an ordered delivery is waiting for its retry", State(hook with { Held = "retry", HeldUntil = time }));
        Assert.Equal("held until 2026-02-27 17:45:06Z: rate limit", State(hook with { Held = "rate", HeldUntil = time }));
        Assert.Equal("held until 2026-02-27 17:45:06Z: server error", State(hook with { Held = "own_fault", HeldUntil = time }));
        Assert.Equal("held: paused since 2026-02-27 17:45:06Z", State(hook with { State = "paused", Held = "paused", StateSince = time }));
        Assert.Equal("held: disabled", State(hook with { State = "disabled", Held = "disabled" }));
        Assert.Equal("gone since 2026-02-27 17:45:06Z", State(hook with { State = "gone", StateSince = time }));

        static string State(Hook hook) => HookView.Row(hook)[4];
    }

    [Fact]
    public void The_list_of_hooks_shows_their_filters()
    {
        var hook = new Hook { Id = "1", Url = "https://a.example/", Event = "Built" };

        Assert.Equal("", HookView.Row(hook)[3]);
        Assert.Equal(
            "status=failed branch=main,release/*", HookView.Row(hook with { Filter = [new HookFilter { Status = ["failed"], Branch = ["main", "release/*"] }] })[3]);
        Assert.Equal(
            "status=failed or change=fixed", HookView.Row(hook with { Filter = [new HookFilter { Status = ["failed"] }, new HookFilter { Change = ["fixed"] }] })[3]);
    }

    private async Task<string> AddAsync(params string[] more) =>
        (await JsonAsync(["hooks", "add", Some.Url(), "--site", _site, .. more])).GetProperty("id").GetString()!;

    private async Task<JsonElement> JsonAsync(params string[] args)
    {
        (int exitCode, string output, string error) = await _cli.RunAsync([.. args, "--json"]);
        Assert.True(exitCode == 0, error);
        return JsonElement.Parse(output);
    }
}
