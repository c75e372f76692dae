using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Nyala.Client.Json;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Formats;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound.Formats;

/// <summary>The messages of all formats that people read.</summary>
public sealed class MessageFormatTests
{
    public static TheoryData<string> Names() => [.. FormatCatalog.All.Where(format => format.Facts.Account == AccountKind.None).Select(format => format.Facts.Name).Where(name => name is not ("kudu" or "template"))];

    [Theory, MemberData(nameof(Names))]
    public void The_messages_are_the_approved_ones(string name)
    {
        IFormat format = FormatCatalog.Find(name)!;
        var messages = new JsonObject();
        foreach ((string label, EventContent @event) in MessageCases.All)
        {
            messages[label] = Shown(format.Render(@event, Settings(name)));
        }

        Approved.Json(messages.ToJsonString(NyalaJson.Wire.Options), "The_messages_of_" + name);
    }

    [Theory, MemberData(nameof(Names))]
    public void Any_event_becomes_a_message_that_the_service_accepts(string name)
    {
        IFormat format = FormatCatalog.Find(name)!;
        Gen<string> text = Gen.OneOf(
            Gen.String, Gen.String[Gen.Char["\n`*_<>&@[]()|\\~\"'#:- a🎉א"], 0, 3000], Gen.Const("@everyone <!here> <b>"), Gen.String[Gen.Char["👩‍👧א\u202E"], 0, 3000]);
        Gen<string> status = OneOf("success", "failed", "building", "odd");
        Gen.Select(OneOf("PostDeployment", "Ping", "HookDisabled", "TokenExpiring", "own"), status, text, text, text, text.Array[0, 100]).Sample((type, state, one, two, three, log) =>
        {
            var body = new JsonObject
            {
                ["status"] = state,
                ["siteName"] = one,
                ["message"] = two,
                ["author"] = three,
                ["branch"] = three,
                ["statusText"] = two,
                ["id"] = one,
                ["hostName"] = one,
                ["deployer"] = three,
                ["x" + one] = "a",
                ["description"] = one,
                ["reason"] = two,
                ["receiver"] = three,
                ["tokenName"] = two,
                ["url"] = "https://example.com/" + one,
                ["startTime"] = "2026-02-27T17:44:25Z",
                ["endTime"] = "2026-02-27T18:44:25Z",
            };
            // Formats for programs copy the lines as they are.
            string[] lines = format.Facts.LogLines > 0 ? log : [.. log.Take(2)];
            var @event = new EventContent(type, Encoding.UTF8.GetBytes(body.ToJsonString())) { LogTail = lines, Site = "shop" };

            Rendered rendered = format.Render(@event, Settings(name));

            ServiceCheck.Check(name, rendered);
            Rendered again = format.Render(@event, Settings(name));
            Assert.Equal(rendered.Body.Span, again.Body.Span);
            Assert.Equal(rendered.Form.Write(), again.Form.Write());
        });
    }

    [Theory, MemberData(nameof(Names))]
    public void Any_bytes_become_a_message_that_the_service_accepts(string name)
    {
        IFormat format = FormatCatalog.Find(name)!;
        Gen.OneOf(Gen.Byte.Array[0, 200], OneOf("[]", "null", "{}", """{"status":7}""", """{"status":"\ud800"}""", """{"\ud800":1}""").Select(Encoding.UTF8.GetBytes))
            .Sample(bytes => ServiceCheck.Check(name, format.Render(new EventContent("PostDeployment", bytes), Settings(name))));
    }

    [Theory, MemberData(nameof(Names))]
    public void Text_of_a_commit_mentions_no_one_and_hides_no_link(string name) =>
        ServiceCheck.CheckHarmless(name, FormatCatalog.Find(name)!.Render(MessageCases.All["hostile"], Settings(name)));

    [Theory]
    [InlineData("https://hooks.slack.com/services/T0/B0/x", "slack")]
    [InlineData("https://hooks.slack.com/workflows/T0/B0/x", "kudu")]
    [InlineData("https://example.com/hooks.slack.com/services/", "kudu")]
    [InlineData("https://hooks.slack.com.example.com/services/T0", "kudu")]
    [InlineData("https://discord.com/api/webhooks/1/x", "discord")]
    [InlineData("https://discordapp.com/api/v10/webhooks/1/x?thread_id=2", "discord")]
    [InlineData("https://discord.com/api/webhooks/1/x/github", "kudu")]
    [InlineData("https://acme.webhook.office.com/webhookb2/x", "teams")]
    [InlineData("https://prod-01.westeurope.logic.azure.com/workflows/x", "kudu")]
    [InlineData("https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t", "googlechat")]
    [InlineData("https://api.telegram.org/bot1:x/sendMessage?chat_id=-1", "telegram")]
    [InlineData("https://ntfy.sh/mytopic", "ntfy")]
    [InlineData("https://ntfy.sh/", "kudu")]
    [InlineData("https://ntfy.sh/docs/publish", "kudu")]
    [InlineData("https://events.pagerduty.com/v2/enqueue", "pagerduty")]
    [InlineData("https://events.eu.pagerduty.com/v2/enqueue", "pagerduty")]
    [InlineData("https://events.pagerduty.com/v2/change/enqueue", "kudu")]
    [InlineData("https://api.opsgenie.com/v2/alerts", "opsgenie")]
    [InlineData("https://api.eu.opsgenie.com/v2/alerts", "opsgenie")]
    [InlineData("https://api.atlassian.com/jsm/ops/integration/v2/alerts", "opsgenie")]
    [InlineData("https://api.atlassian.com/v2/alerts", "kudu")]
    public void A_format_is_recognized_only_from_the_url_of_its_service(string url, string name) =>
        Assert.Equal(name, FormatCatalog.Of(new Uri(url)).Facts.Name);

    [Theory]
    [InlineData("slack", 200, "ok", "Accepted")]
    [InlineData("slack", 200, "", "Accepted")]
    [InlineData("slack", 200, """{"ok":true}""", "Accepted")]
    [InlineData("slack", 200, """{"ok":false,"error":"channel_is_archived"}""", "HookGone")]
    [InlineData("slack", 200, """{"ok":false,"error":"invalid_blocks"}""", "Refused")]
    [InlineData("slack", 200, """{"ok":false,"error":"ratelimited"}""", "TryAgain")]
    [InlineData("slack", 400, "invalid_payload", "Refused")]
    [InlineData("slack", 403, "action_prohibited", "TryAgain")]
    [InlineData("slack", 404, "no_service", "HookGone")]
    [InlineData("slack", 404, "channel_not_found", "TryAgain")]
    [InlineData("slack", 410, "channel_is_archived", "HookGone")]
    [InlineData("slack", 429, "", "TryAgain")]
    [InlineData("slack", 500, "rollup_error", "TryAgain")]
    [InlineData("discord", 204, "", "Accepted")]
    [InlineData("discord", 404, """{"message":"Unknown Webhook","code":10015}""", "HookGone")]
    [InlineData("discord", 404, "<html>", "TryAgain")]
    [InlineData("discord", 401, """{"message":"Invalid Webhook Token","code":50027}""", "HookGone")]
    [InlineData("discord", 400, """{"message":"Invalid Form Body","code":50035}""", "Refused")]
    [InlineData("discord", 429, """{"message":"You are being rate limited.","retry_after":2.5}""", "TryAgain")]
    [InlineData("teams", 202, "", "Accepted")]
    [InlineData("teams", 200, "1", "Accepted")]
    [InlineData("teams", 200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429", "TryAgain")]
    [InlineData("teams", 400, """{"error":{"code":"WorkflowTriggerIsNotEnabled"}}""", "TryAgain")]
    [InlineData("teams", 400, """{"error":{"code":"TriggerInputSchemaMismatch"}}""", "Refused")]
    [InlineData("mattermost", 200, "ok", "Accepted")]
    [InlineData("mattermost", 400, """{"id":"web.incoming_webhook.invalid.app_error","message":"Invalid webhook."}""", "TryAgain")]
    [InlineData("mattermost", 400, """{"id":"web.incoming_webhook.text.app_error","message":"No text specified."}""", "Refused")]
    [InlineData("googlechat", 200, """{"name":"spaces/A/messages/B"}""", "Accepted")]
    [InlineData("googlechat", 400, """{"error":{"code":400,"message":"Invalid JSON payload received."}}""", "Refused")]
    [InlineData("googlechat", 429, """{"error":{"code":429,"message":"Resource has been exhausted"}}""", "TryAgain")]
    [InlineData("telegram", 200, """{"ok":true,"result":{}}""", "Accepted")]
    [InlineData("telegram", 200, """{"ok":true,"result":{"text":"cut""", "Accepted")]
    [InlineData("telegram", 200, "", "Accepted")]
    [InlineData("telegram", 200, """{"ok":false,"description":"odd"}""", "TryAgain")]
    [InlineData("telegram", 400, """{"ok":false,"description":"Bad Request: message is too long"}""", "Refused")]
    [InlineData("telegram", 400, """{"ok":false,"description":"Bad Request: group chat was upgraded to a supergroup chat"}""", "TryAgain")]
    [InlineData("telegram", 403, """{"ok":false,"description":"Forbidden: bot is not a member of the channel chat"}""", "TryAgain")]
    [InlineData("slack", 200, """{"\ud800":1}""", "Accepted")]
    [InlineData("googlechat", 400, """{"error":{"\ud800":1}}""", "Refused")]
    [InlineData("telegram", 403, """{"ok":false,"error_code":403,"description":"Forbidden: bot was kicked from the group chat"}""", "HookGone")]
    [InlineData("telegram", 400, """{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}""", "TryAgain")]
    [InlineData("telegram", 400, """{"ok":false,"error_code":400,"description":"Bad Request: can't parse entities"}""", "Refused")]
    [InlineData("telegram", 429, """{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}""", "TryAgain")]
    [InlineData("matrix", 200, """{"ok":true}""", "Accepted")]
    [InlineData("matrix", 404, """{"ok":false,"error":"Webhook not found"}""", "TryAgain")]
    [InlineData("gotify", 200, """{"id":1}""", "Accepted")]
    [InlineData("gotify", 401, """{"error":"Unauthorized","errorCode":401,"errorDescription":"you need to provide a valid access token"}""", "TryAgain")]
    [InlineData("gotify", 400, """{"error":"Bad Request","errorCode":400,"errorDescription":"Field 'message' is required"}""", "Refused")]
    [InlineData("ntfy", 200, """{"id":"a","event":"message","topic":"t","message":"x"}""", "Accepted")]
    [InlineData("ntfy", 400, """{"code":40009,"http":400,"error":"invalid request: topic invalid"}""", "Refused")]
    [InlineData("ntfy", 403, """{"code":40301,"http":403,"error":"forbidden"}""", "TryAgain")]
    [InlineData("ntfy", 413, """{"code":41301,"http":413,"error":"attachment too large, or bandwidth limit reached"}""", "Refused")]
    [InlineData("ntfy", 429, """{"code":42908,"http":429,"error":"limit reached: daily message quota reached"}""", "TryAgain")]
    [InlineData("pagerduty", 202, """{"status":"success","message":"Event processed","dedup_key":"k"}""", "Accepted")]
    [InlineData("pagerduty", 400, """{"status":"invalid event","message":"Event object is invalid","errors":["Length of 'routing_key' is incorrect (should be 32 characters)"]}""", "Refused")]
    [InlineData("pagerduty", 403, "", "TryAgain")]
    [InlineData("pagerduty", 429, """{"status":"throttle exceeded","message":"Requests for this service are arriving too quickly.","errors":["Retry later"]}""", "TryAgain")]
    [InlineData("pagerduty", 500, """{"errors":[7]}""", "TryAgain")]
    [InlineData("opsgenie", 202, """{"result":"Request will be processed","took":0.1,"requestId":"r"}""", "Accepted")]
    [InlineData("opsgenie", 401, """{"message":"Could not authenticate","took":0.0,"requestId":"r"}""", "TryAgain")]
    [InlineData("opsgenie", 422, """{"message":"Request body is not processable. Please check the errors.","errors":{"message":"may not be empty"}}""", "Refused")]
    [InlineData("opsgenie", 429, """{"message":"You are making too many requests!","took":0.0}""", "TryAgain")]
    [InlineData("devlake", 200, "", "Accepted")]
    [InlineData("devlake", 400, """{"code":0,"success":false,"message":"deployment_commits is empty (400)","causes":[],"data":null}""", "Refused")]
    [InlineData("devlake", 403, """{"success":false,"message":"api key is invalid"}""", "TryAgain")]
    [InlineData("devlake", 404, """{"success":false,"message":"record not found (404)"}""", "TryAgain")]
    [InlineData("cdevents", 415, "", "Refused")]
    [InlineData("cloudevents", 202, "", "Accepted")]
    [InlineData("cloudevents", 400, "", "TryAgain")]
    [InlineData("cloudevents", 410, "", "HookGone")]
    [InlineData("cloudevents", 415, "", "Refused")]
    [InlineData("cloudevents", 429, "", "TryAgain")]
    [InlineData("rocketchat", 200, """{"success":true}""", "Accepted")]
    [InlineData("rocketchat", 200, """{"success":false,"error":"odd"}""", "TryAgain")]
    [InlineData("rocketchat", 400, """{"success":false,"error":"Invalid integration id or token provided."}""", "HookGone")]
    [InlineData("rocketchat", 404, """{"success":false,"error":"Invalid integration id or token provided."}""", "HookGone")]
    [InlineData("rocketchat", 400, """{"success":false,"error":"invalid-channel"}""", "TryAgain")]
    [InlineData("rocketchat", 400, """{"success":false,"error":"error-message-size-exceeded"}""", "Refused")]
    [InlineData("rocketchat", 429, """{"success":false,"error":"Error, too many requests. Please slow down."}""", "TryAgain")]
    [InlineData("rocketchat", 503, """{"success":false,"error":"Service Unavailable"}""", "TryAgain")]
    public void A_response_means_what_the_service_documents(string name, int status, string body, string disposition)
    {
        Judgement judgement = FormatCatalog.Find(name)!.Judge(SomeOutcome.Answer(SignalClock.Beginning, status, body: body));

        Assert.Equal(disposition, judgement.Disposition.ToString());
        string? word = body.Length is 0 or > 60 || status < 300 || body.Contains("WorkflowTrigger", StringComparison.Ordinal) || body[0] == '{' ? null : body;
        Assert.Contains(word ?? "", judgement.Reason ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("discord", """{"retry_after":2.5}""", 2.5)]
    [InlineData("telegram", """{"ok":false,"parameters":{"retry_after":7}}""", 7.0)]
    [InlineData("discord", """{"retry_after":"soon"}""", null)]
    [InlineData("discord", """{"retry_after":1e300}""", null)]
    public void A_wait_that_the_body_asks_for_is_obeyed_unless_a_header_asks_too(string name, string body, double? seconds)
    {
        IFormat format = FormatCatalog.Find(name)!;

        Assert.Equal(seconds, format.Judge(SomeOutcome.Answer(SignalClock.Beginning, 429, body: body)).Wait?.TotalSeconds);
        Assert.Equal(30, format.Judge(SomeOutcome.Answer(SignalClock.Beginning, 429, "30", body: body)).Wait?.TotalSeconds);
    }

    [Theory, MemberData(nameof(Names))]
    public void Any_response_is_judged_and_a_failure_has_a_reason_in_one_line(string name)
    {
        IFormat format = FormatCatalog.Find(name)!;
        Gen<string> body = Gen.OneOf(Gen.String, OneOf("{}", "[]", "{", """{"ok":"no"}""", """{"error":7,"code":null,"message":["x"],"parameters":1}""", """{"message":"\ud800"}""", """{"\ud800":1}""", """{"error":{"\ud800":1}}"""));
        Gen.Select(Gen.Int[200, 599], body).Sample((status, said) =>
        {
            Judgement judgement = format.Judge(SomeOutcome.Answer(SignalClock.Beginning, status, body: said));

            Assert.Equal(judgement.Disposition == Disposition.Accepted, judgement.Reason is null);
            Assert.True(judgement.Reason is null || (judgement.Reason.Length < 1000 && !judgement.Reason.Any(char.IsControl)), judgement.Reason);
            Assert.True(judgement.Disposition != Disposition.Accepted || status is >= 200 and <= 299);
        });
    }

    /// <summary>Returns settings that the format accepts.</summary>
    private static FormatSettings Settings(string name) => new(name switch
    {
        "pagerduty" => new Dictionary<string, string> { ["routing_key"] = "R0123456789ABCDEF0123456789ABCDE" },
        "devlake" => new Dictionary<string, string> { ["repo_url"] = "https://example.com/shop.git" },
        _ => [],
    });

    /// <summary>Shows a request: the body if that is all, else also what the format sets of the request.</summary>
    private static JsonNode? Shown(Rendered rendered)
    {
        string text = Encoding.UTF8.GetString(rendered.Body.Span);
        JsonNode? body = rendered.ContentType.Contains("json", StringComparison.Ordinal) ? JsonNode.Parse(text) : text;
        return rendered.ContentType == Rendered.Json && rendered.Form == RequestForm.Usual ? body : new JsonObject
        {
            ["request"] = $"{rendered.Form.Method} …{rendered.Form.Path}",
            ["headers"] = new JsonArray([.. rendered.Form.Headers.Select(header => $"{header.Name}: {header.Value}"), $"Content-Type: {rendered.ContentType}"]),
            ["body"] = body,
        };
    }

    private static Gen<string> OneOf(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(choice => choices[choice]);
}
