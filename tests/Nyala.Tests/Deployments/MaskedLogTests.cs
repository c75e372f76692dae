using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Client;
using Nyala.Server.Access;
using Nyala.Server.Deployments;
using Nyala.Server.Secrets;
using Nyala.Server.Sites;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Deploying;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deployments;

/// <summary>Values of settings, and tokens, are masked in deployment logs and in what webhooks receive of them.</summary>
public sealed class MaskedLogTests(SharedServer shared)
{
    private const string Secret = "s3cr3t/p4ssw0rd";

    private readonly TestServer _server = shared.Server;
    private readonly string _site = Some.Site();

    private string Deployment => $"/sites/{_site}/api/deployments/one";

    [Fact]
    public async Task Appended_lines_are_masked_and_the_rest_is_unchanged()
    {
        await ReportAsync(1);
        await SetAsync("API_KEY", Secret);

        await _server.SendAsync(HttpMethod.Post, $"{Deployment}/log", new JsonArray(Line($"key={Secret};"), Line("  as it was \t"), Line($"\u001b[1m{Secret}")).ToJsonString());
        await _server.SendAsync(HttpMethod.Post, $"{Deployment}/log", new StringContent($"one {Secret}\r\ntwo\n", Encoding.UTF8, "text/plain"));

        Assert.Equal(["key=***;", "  as it was \t", "\u001b[1m***", "one ***", "two"], await LogAsync());
    }

    [Fact]
    public async Task A_changed_or_removed_setting_applies_to_the_next_line()
    {
        await ReportAsync(1);
        await SetAsync("API_KEY", "first-value");
        await AppendAsync("first-value second-value");
        await SetAsync("API_KEY", "second-value");
        await AppendAsync("first-value second-value");
        await _server.DeleteAsync($"/sites/{_site}/api/settings/API_KEY");
        await AppendAsync("first-value second-value");

        Assert.Equal(["*** second-value", "first-value ***", "first-value second-value"], await LogAsync());
    }

    [Fact]
    public async Task The_settings_of_other_sites_do_not_matter()
    {
        await ReportAsync(1);
        await _server.PostAsync("/api/sites", new JsonObject { ["name"] = _site + "-b" });
        await _server.PostAsync($"/sites/{_site}-b/api/settings", new JsonObject { ["API_KEY"] = Secret });

        await AppendAsync(Secret);

        Assert.Equal([Secret], await LogAsync());
    }

    [Fact]
    public async Task The_details_the_reason_and_the_progress_of_a_report_are_masked_also_for_webhooks()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.PostAsync($"/sites/{_site}/api/hooks", Some.Hook(receiver.Url.AbsoluteUri));
        await _server.PostAsync($"/sites/{_site}/api/hooks", Some.Hook(receiver.Url.AbsoluteUri + "/started", "DeploymentStarted"));
        await SetAsync("API_KEY", Secret);

        JsonObject report = Some.Report(2);
        report["progress"] = $"calling with {Secret}";
        Reply begun = await _server.PutAsync(Deployment, report);
        Received started = await receiver.NextAsync();
        report = Some.Report(3);
        report["status_text"] = $"cannot log in with {Secret}";
        report["details"] = $"one\nkey {Secret}\n\nfour";
        Reply ended = await _server.PutAsync(Deployment, report);
        Received failed = await receiver.NextAsync();

        Assert.Equal(("calling with ***", "calling with ***"), (begun["progress"], started["progress"]));
        Assert.Equal(("cannot log in with ***", "cannot log in with ***"), (ended["status_text"], failed["statusText"]));
        JsonElement entry = Assert.Single((await _server.GetAsync($"{Deployment}/log")).Json.EnumerateArray());
        Assert.Equal(["one", "key ***", "", "four"], Messages(await _server.GetAsync($"{Deployment}/log/{entry.GetProperty("id")}")));
    }

    [Fact]
    public async Task Access_tokens_and_the_token_of_the_request_are_masked()
    {
        await using TestServer server = await TestServer.StartAsync();
        string basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($":{TestServer.Token}"));
        await server.PutAsync("/api/deployments/one", Some.Report(1));

        await server.SendAsync(HttpMethod.Post, "/api/deployments/one/log", new JsonArray(Line($"-u :{TestServer.Token} {TokenHash.CreateToken()}")).ToJsonString());
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/api/deployments/one/log") { Content = new StringContent($"Authorization: Basic {basic}") })
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", basic);
            Assert.Equal(204, (int)(await server.Anonymous.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
        }

        JsonObject report = Some.Report(3);
        report["status_text"] = $"refused: {TestServer.Token}";
        Reply ended = await server.PutAsync("/api/deployments/one", report);

        string[] log = Messages(await server.GetAsync("/api/deployments/one/log"));
        Assert.Equal("-u :*** ***", log[0]);
        Assert.InRange(log[1].Length, "Authorization: Basic ***".Length, "Authorization: Basic ***".Length + 8);
        Assert.Equal("refused: ***", ended["status_text"]);
    }

    [Fact]
    public async Task The_output_of_a_deploy_command_is_masked_with_the_settings_that_it_got()
    {
        using var folder = new TempFolder();
        string pipe = folder.In("pipe");
        DeployingSite site = await DeployingSite.CreateAsync(
            _server, $"mkfifo {pipe}; printf '%s\\n' \"$API_KEY\" \"<$API_KEY>\" \"$PEM\" \"$NODE_ENV\"; echo begun; read -r go < {pipe}; echo $API_KEY >&2; exit 3");
        await _server.PostAsync($"{site.Api}/settings", new JsonObject { ["API_KEY"] = Secret, ["PEM"] = "line one\nline two\n", ["NODE_ENV"] = "production" });

        Reply begun = await site.BeginAsync(("index.html", "one"));
        await foreach (string line in new LogStream(_server, $"{site.Api}/deployments/{begun["id"]}").LinesAsync())
        {
            if (line == "begun")
            {
                break;
            }
        }

        // The command keeps the old value.
        await _server.PostAsync($"{site.Api}/settings", new JsonObject { ["API_KEY"] = "another-value" });
        await Task.Run(() => File.WriteAllText(pipe, "go\n"), TestContext.Current.CancellationToken).InTimeAsync();
        Reply ended = await site.EndAsync(begun["id"]);

        Assert.Equal("3", ended["status"]);
        Assert.Equal(
            ["***", "<***>", "***", "***", "", "production", "begun", "***", "The command failed with exit code 3."],
            (await site.LogAsync(begun["id"])).SkipWhile(line => line != "***"));
    }

    [Fact]
    public async Task A_mask_is_made_once_for_each_version_of_the_settings()
    {
        SiteMasks masks = _server.Server.Services.GetRequiredService<SiteMasks>();
        await ReportAsync(1);
        await SetAsync("API_KEY", Secret);

        TextMask first = await masks.OfAsync(_site, TestContext.Current.CancellationToken);
        TextMask again = await masks.OfAsync(_site.ToUpperInvariant(), TestContext.Current.CancellationToken);
        await SetAsync("OTHER_KEY", "another-value");
        TextMask changed = await masks.OfAsync(_site, TestContext.Current.CancellationToken);

        Assert.Same(first, again);
        Assert.NotSame(first, changed);
    }

    [Fact]
    public void Lines_are_masked_piece_by_piece()
    {
        var lines = new LogLines(TextMask.TokensOnly.With(Secret), 1024 * 1024);
        var plain = new LogLine { Message = "plain", Type = LogEntryType.Error, LogTime = DateTimeOffset.UnixEpoch };
        lines.Add(plain);
        lines.Add(plain with { Message = Secret });

        LogBatch piece = Assert.Single(lines.Pieces());

        Assert.Same(plain, piece.Lines[0]);
        Assert.Equal(plain with { Message = "***" }, piece.Lines[1]);
    }

    private Task<Reply> ReportAsync(int status) => _server.PutAsync(Deployment, Some.Report(status));

    private async Task SetAsync(string name, string value) =>
        Assert.Equal(204, (await _server.PostAsync($"/sites/{_site}/api/settings", new JsonObject { [name] = value })).Code);

    private Task<Reply> AppendAsync(string line) => _server.SendAsync(HttpMethod.Post, $"{Deployment}/log", new JsonArray(Line(line)).ToJsonString());

    private async Task<string[]> LogAsync() => Messages(await _server.GetAsync($"{Deployment}/log"));

    private static JsonObject Line(string message) => new() { ["message"] = message };

    private static string[] Messages(Reply reply) => [.. reply.Json.EnumerateArray().Select(entry => entry.GetProperty("message").GetString()!)];
}
