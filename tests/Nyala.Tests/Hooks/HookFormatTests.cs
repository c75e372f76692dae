using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Server.Outbound.Formats;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary>The format of a hook: how it is chosen, and what its receiver gets.</summary>
public sealed class HookFormatTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;
    private readonly string _site = Some.Site();

    private string Hooks => $"/sites/{_site}/api/hooks";

    [Theory]
    [InlineData("https://hooks.slack.com/services/T0/B0/x", null, "slack")]
    [InlineData("https://hooks.slack.com/services/T0/B0/x", "kudu", "kudu")]
    [InlineData("https://hooks.slack.com/services/T0/B0/x", "Teams", "teams")]
    [InlineData("https://discord.com/api/webhooks/1/x", null, "discord")]
    [InlineData("https://relay.example/slack", "slack", "slack")]
    [InlineData("https://relay.example/slack", null, "kudu")]
    public async Task A_new_hook_has_the_format_that_was_asked_for_or_that_fits_its_url(string url, string? format, string expected)
    {
        JsonObject hook = Some.Hook(url);
        hook["format"] = format;

        string id = (await _server.PostAsync(Hooks, hook))["id"];

        Assert.Equal(expected, (await _server.GetAsync($"{Hooks}/{id}"))["format"]);
    }

    [Fact]
    public async Task Subscribing_again_keeps_the_format_unless_one_is_asked_for()
    {
        JsonObject hook = Some.Hook("https://hooks.slack.com/services/T0/B0/x");
        hook["format"] = "kudu";
        await _server.PostAsync(Hooks, hook);

        hook.Remove("format");
        Reply again = await _server.PostAsync(Hooks, hook);
        hook["format"] = "slack";
        Reply asked = await _server.PostAsync(Hooks, hook);

        Assert.Equal(("kudu", "slack", again["id"]), (again["format"], asked["format"], asked["id"]));
    }

    [Fact]
    public async Task A_change_sets_the_format_and_null_resets_it_to_the_one_that_fits_the_url()
    {
        string id = (await _server.PostAsync(Hooks, Some.Hook("https://hooks.slack.com/services/T0/B0/x")))["id"];

        Reply changed = await _server.SendAsync(HttpMethod.Patch, $"{Hooks}/{id}", """{"format":"discord"}""");
        Reply reset = await _server.SendAsync(HttpMethod.Patch, $"{Hooks}/{id}", """{"format":null}""");

        Assert.Equal(("discord", "slack"), (changed["format"], reset["format"]));
    }

    [Theory]
    [InlineData("https://example.com/", "\"smoke signals\"", "'format' must be one of kudu, slack,")]
    [InlineData("https://example.com/", "7", "'format' must be a string.")]
    [InlineData("https://api.telegram.org/bot1:x/sendMessage", "null", "'url' does not name the chat. Add ?chat_id=")]
    [InlineData("https://example.com/", "\"telegram\"", "'url' does not name the chat.")]
    public async Task A_format_that_cannot_work_is_refused_and_nothing_is_stored(string url, string format, string reason)
    {
        JsonObject hook = Some.Hook(url);
        hook["format"] = JsonNode.Parse(format);

        Reply refused = await _server.PostAsync(Hooks, hook);

        Assert.Equal(400, refused.Code);
        Assert.Contains(reason, refused.Text.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("[]", (await _server.GetAsync(Hooks)).Text);
    }

    [Fact]
    public async Task A_change_to_a_format_that_cannot_work_is_refused()
    {
        string id = (await _server.PostAsync(Hooks, Some.Hook("https://example.com/")))["id"];

        Reply refused = await _server.SendAsync(HttpMethod.Patch, $"{Hooks}/{id}", """{"format":"telegram"}""");

        Assert.Equal(400, refused.Code);
        Assert.Equal("kudu", (await _server.GetAsync($"{Hooks}/{id}"))["format"]);
    }

    [Fact]
    public async Task A_reset_to_a_format_that_cannot_work_is_refused()
    {
        JsonObject hook = Some.Hook("https://api.telegram.org/bot1:x/sendMessage");
        hook["format"] = "kudu";
        string id = (await _server.PostAsync(Hooks, hook))["id"];

        Assert.Equal(400, (await _server.SendAsync(HttpMethod.Patch, $"{Hooks}/{id}", """{"format":null}""")).Code);
    }

    [Fact]
    public async Task A_receiver_gets_the_event_in_the_format_of_its_hook()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        JsonObject hook = Some.Hook(receiver.Url.AbsoluteUri);
        hook["format"] = "slack";
        await _server.PostAsync(Hooks, hook);

        await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report(status: 3));

        Received received = await receiver.NextAsync();
        Assert.Equal($"❌ Broken: deployment of {_site} failed: My fix", received["text"]);
        Assert.Equal("header", received.Json.GetProperty("blocks")[0].GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("kudu", null, null)]
    [InlineData("kudu", 2, "two|three")]
    [InlineData("kudu", 100, "zero|one|two|three")]
    [InlineData("slack", null, "exit code 1\n\nzero\none\ntwo\nthree")]
    [InlineData("slack", 1, "exit code 1\n\nthree")]
    [InlineData("slack", 0, "exit code 1")]
    public async Task The_event_of_a_failed_deployment_has_the_log_lines_that_its_hook_asks_for(string format, int? lines, string? expected)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        JsonObject hook = Some.Hook(receiver.Url.AbsoluteUri);
        hook["format"] = format;
        hook["log_lines"] = lines;
        await _server.PostAsync(Hooks, hook);
        string deployment = $"/sites/{_site}/api/deployments/{Some.DeploymentId()}";
        await _server.PutAsync(deployment, Some.Report(status: 2));
        await _server.SendAsync(HttpMethod.Post, $"{deployment}/log", """[{"message":"zero\none"},{"message":"two"}]""");
        JsonObject end = Some.Report(status: 3);
        end["details"] = "three\n";
        end["status_text"] = "exit code 1";

        await _server.PutAsync(deployment, end);

        Received received = await receiver.NextAsync();
        string? shown = format == "slack"
            ? received.Json.GetProperty("blocks")[1].GetProperty("elements").EnumerateArray()
                .Single(item => item.GetProperty("type").GetString() == "rich_text_preformatted").GetProperty("elements")[0].GetProperty("text").GetString()
            : received.Json.TryGetProperty("logTail", out JsonElement tail) ? string.Join('|', tail.EnumerateArray().Select(line => line.GetString())) : null;
        Assert.Equal(expected, shown);
    }

    [Fact]
    public async Task Every_attempt_sends_the_log_lines_of_the_first_although_the_log_grows()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerNext(new Nyala.Tests.Support.Answer(500));
        JsonObject hook = Some.Hook(receiver.Url.AbsoluteUri);
        hook["log_lines"] = 5;
        string id = (await _server.PostAsync(Hooks, hook))["id"];
        string deployment = $"/sites/{_site}/api/deployments/{Some.DeploymentId()}";
        await _server.PutAsync(deployment, Some.Report(status: 2));
        await _server.SendAsync(HttpMethod.Post, $"{deployment}/log", """[{"message":"one"}]""");
        await _server.PutAsync(deployment, Some.Report(status: 3));
        Received first = await receiver.NextAsync();

        await _server.SendAsync(HttpMethod.Post, $"{deployment}/log", """[{"message":"later"}]""");
        string delivery = JsonNode.Parse((await _server.GetAsync($"{Hooks}/{id}/deliveries")).Text)![0]!["id"]!.GetValue<string>();
        await _server.SendAsync(HttpMethod.Post, $"/sites/{_site}/api/deliveries/{delivery}/redeliver", "");

        Received second = await receiver.NextAsync();
        Assert.Equal(first.Text, second.Text);
        Assert.EndsWith(""","logTail":["one"]}""", first.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("101")]
    [InlineData("-1")]
    [InlineData("\"many\"")]
    public async Task A_number_of_log_lines_that_is_not_possible_is_refused(string lines)
    {
        JsonObject hook = Some.Hook("https://example.com/");
        hook["log_lines"] = JsonNode.Parse(lines);

        Reply refused = await _server.PostAsync(Hooks, hook);

        Assert.Equal(400, refused.Code);
        Assert.Contains("'log_lines' must be a whole number from 0 to 100.", refused.Text.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_200_with_an_error_inside_ends_the_hook_and_the_record_has_the_services_own_words()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerNext(new Nyala.Tests.Support.Answer(200, """{"ok":false,"error":"channel_is_archived"}"""));
        JsonObject hook = Some.Hook(receiver.Url.AbsoluteUri);
        hook["format"] = "slack";
        string id = (await _server.PostAsync(Hooks, hook))["id"];

        Reply ping = await _server.SendAsync(HttpMethod.Post, $"{Hooks}/{id}/ping", "");

        Reply gone = await _server.GetAsync($"{Hooks}/{id}");
        Assert.Equal(("gone", "Slack responded that the destination no longer exists (channel_is_archived)."), (gone["state"], gone["state_reason"]));
        Assert.Contains("The receiver responded with 200 OK. It said: channel_is_archived", ping.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ping_of_a_hook_has_its_format()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        JsonObject hook = Some.Hook(receiver.Url.AbsoluteUri);
        hook["format"] = "discord";
        string id = (await _server.PostAsync(Hooks, hook))["id"];

        await _server.SendAsync(HttpMethod.Post, $"{Hooks}/{id}/ping", "");

        JsonElement embed = (await receiver.NextAsync()).Json.GetProperty("embeds")[0];
        Assert.Equal("🔔 Test message from Nyala", embed.GetProperty("title").GetString());
    }

    [Fact]
    public void The_documentation_lists_what_each_format_declares()
    {
        string page = File.ReadAllText(Repository.File("docs/integrations/README.md"));

        Assert.All(FormatCatalog.All, format => Assert.Contains(
            $"| `{format.Facts.Name}` | {format.Facts.Service} | {(format.Facts.Rate is { } rate ? $"{rate}/min" : "none")} | {format.Facts.Limits} | {format.Facts.Accepts} | {format.Facts.Refuses} | {format.Facts.Ends} |",
            page,
            StringComparison.Ordinal));
    }
}
