using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Server.Outbound.Formats;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary>The format of a hook: how it is chosen, and what its receiver gets.</summary>
public sealed class HookFormatTests(SharedServer shared)
{
    private const string Key = "R0123456789ABCDEF0123456789ABCDE";

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
    [InlineData("https://ntfy.example.com/", "\"ntfy\"", "'url' does not name the topic.")]
    [InlineData("https://events.pagerduty.com/v2/enqueue", "null", "The format 'pagerduty' needs 'routing_key' in 'format_settings'")]
    [InlineData("https://events.pagerduty.com/", "\"pagerduty\"", "'url' is not the one of PagerDuty's events.")]
    [InlineData("https://api.opsgenie.com/", "\"opsgenie\"", "'url' is not the one of an alert API.")]
    [InlineData("https://devlake.example.com/", "\"devlake\"", "'url' is not the one of an incoming webhook for deployments.")]
    [InlineData("https://devlake.example.com/api/rest/plugins/webhook/connections/1/deployments", "\"devlake\"", "The format 'devlake' needs 'repo_url' in 'format_settings'")]
    public async Task A_format_that_cannot_work_is_refused_and_nothing_is_stored(string url, string format, string reason)
    {
        JsonObject hook = Some.Hook(url);
        hook["format"] = JsonNode.Parse(format);

        Reply refused = await _server.PostAsync(Hooks, hook);

        Assert.Equal(400, refused.Code);
        Assert.Contains(reason, refused.Text.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("[]", (await _server.GetAsync(Hooks)).Text);
    }

    [Theory]
    [InlineData("opsgenie", "/v2/alerts", "*", "A hook that alerts people needs one event type")]
    [InlineData("opsgenie", "/v2/alerts", "deploymentstarted", "The start of a deployment is no reason to alert people.")]
    [InlineData("devlake", "/deployments", "HookDisabled", "DevLake reads only deployments that have ended.")]
    public async Task A_format_that_cannot_have_the_event_type_is_refused(string format, string path, string type, string reason)
    {
        JsonObject hook = Some.Hook("https://receiver.example" + path);
        (hook["event"], hook["format"]) = (type, format);

        Reply refused = await _server.PostAsync(Hooks, hook);
        hook["format"] = "kudu";
        string id = (await _server.PostAsync(Hooks, hook))["id"];
        Reply changed = await _server.SendAsync(HttpMethod.Patch, $"{Hooks}/{id}", $$"""{"format":"{{format}}"}""");

        Assert.Equal((400, 400), (refused.Code, changed.Code));
        Assert.Equal(reason, refused.Json.GetProperty("errors").GetProperty("event")[0].GetString()![..reason.Length]);
        Assert.Equal(reason, changed.Json.GetProperty("errors").GetProperty("format")[0].GetString()![..reason.Length]);
    }

    [Theory]
    [InlineData("x", "'format_settings.routing_key' is not valid. It must be 32 letters and digits.")]
    [InlineData("R0123456789ABCDEF0123456789ABCD\u00C9", "'format_settings.routing_key' is not valid.")]
    public async Task A_routing_key_that_PagerDuty_would_not_accept_is_refused(string key, string reason)
    {
        JsonObject hook = Some.Hook("https://events.pagerduty.com/v2/enqueue");
        hook["format_settings"] = new JsonObject { ["routing_key"] = key };

        Reply refused = await _server.PostAsync(Hooks, hook);

        Assert.Equal(400, refused.Code);
        Assert.StartsWith(reason, refused.Json.GetProperty("errors").GetProperty("format_settings")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_triggers_an_incident_at_PagerDuty_the_next_success_resolves_it_and_a_ping_triggers_nothing()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        JsonObject hook = Some.Hook(receiver.Url.AbsoluteUri + "/v2/enqueue");
        (hook["format"], hook["format_settings"]) = ("pagerduty", new JsonObject { ["routing_key"] = Key });
        Reply created = await _server.PostAsync(Hooks, hook);

        await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report(status: 3));
        Received failure = await receiver.NextAsync();
        await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report(status: 4));
        Received success = await receiver.NextAsync();
        await _server.SendAsync(HttpMethod.Post, $"{Hooks}/{created["id"]}/ping", "");
        Received ping = await receiver.NextAsync();

        Assert.Equal(("trigger", "resolve", "resolve"), (failure["event_action"], success["event_action"], ping["event_action"]));
        Assert.Equal(failure["dedup_key"], success["dedup_key"]);
        Assert.NotEqual(failure["dedup_key"], ping["dedup_key"]);
        Assert.Equal(Key, failure["routing_key"]);
        Assert.Equal("***", created.Json.GetProperty("format_settings").GetProperty("routing_key").GetString());
    }

    [Fact]
    public async Task A_success_closes_the_alert_that_a_failure_opened_at_Opsgenie()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        JsonObject hook = Some.Hook(receiver.Url.AbsoluteUri + "/v2/alerts");
        (hook["format"], hook["headers"]) = ("opsgenie", new JsonObject { ["Authorization"] = "GenieKey 1" });
        await _server.PostAsync(Hooks, hook);

        await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report(status: 3));
        Received failure = await receiver.NextAsync();
        await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report(status: 4));
        Received success = await receiver.NextAsync();

        Assert.Equal(receiver.Url.AbsolutePath + "/v2/alerts", failure.PathAndQuery);
        Assert.Equal($"{failure.PathAndQuery}/{failure["alias"]}/close?identifierType=alias", success.PathAndQuery);
        Assert.Equal("GenieKey 1", success.Headers["Authorization"]);
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
    public async Task The_preview_masks_a_secret_that_the_format_writes_into_the_body()
    {
        JsonObject hook = Some.Hook("https://events.pagerduty.com/v2/enqueue");
        hook["format_settings"] = new JsonObject { ["routing_key"] = Key };
        await _server.PostAsync(Hooks, hook);

        hook.Remove("format_settings");
        Reply preview = await _server.PostAsync($"{Hooks}/preview?sample=failed", hook);

        Assert.Equal("pagerduty", preview["format"]);
        Assert.Equal("***", JsonElement.Parse(preview["body"]).GetProperty("routing_key").GetString());
        Assert.DoesNotContain(Key, preview.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_without_a_format_are_checked_against_the_hook_that_exists()
    {
        JsonObject own = Some.Hook("https://pager.example/v2/enqueue");
        (own["format"], own["format_settings"]) = ("pagerduty", new JsonObject { ["routing_key"] = Key });
        JsonObject plain = Some.Hook("https://events.pagerduty.com/v2/enqueue");
        plain["format"] = "kudu";
        Assert.Equal((201, 201), ((await _server.PostAsync(Hooks, own)).Code, (await _server.PostAsync(Hooks, plain)).Code));

        own.Remove("format");
        plain.Remove("format");
        plain["format_settings"] = new JsonObject { ["routing_key"] = Key };
        Reply kept = await _server.PostAsync(Hooks, own);
        Reply refused = await _server.PostAsync(Hooks, plain);

        Assert.Equal((201, "pagerduty"), (kept.Code, kept["format"]));
        Assert.Equal(400, refused.Code);
        Assert.Contains("not a setting of the format 'kudu'", refused.Reason, StringComparison.Ordinal);
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

    [Fact]
    public void The_documentation_lists_the_settings_of_each_format()
    {
        string page = File.ReadAllText(Repository.File("docs/integrations/README.md"));

        Assert.All(FormatCatalog.All.SelectMany(format => format.Facts.Settings.Select(setting => (format.Facts.Name, Setting: setting))), one => Assert.Contains(
            $"| `{one.Name}` | `{one.Setting.Name}` | {(one.Setting.IsRequired ? "yes" : "no")} | {(one.Setting.IsSecret ? "yes" : "no")} | {one.Setting.Meaning} |",
            page,
            StringComparison.Ordinal));
    }
}
