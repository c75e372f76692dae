using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.History;

/// <summary>Reading the history of deliveries and events.</summary>
public sealed class RecordTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task The_deliveries_of_a_hook_are_listed_newest_first_in_pages()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        for (int i = 0; i < 5; i++)
        {
            await hook.PublishAsync($"{i}");
        }

        var ids = new List<string>();
        string? next = $"/api/hooks/{hook.Id}/deliveries?limit=2&state=delivered";
        int pages = 0;
        while (next is not null)
        {
            Reply page = await _server.GetAsync(next);
            Assert.Equal(200, page.Code);
            ids.AddRange(page.Json.EnumerateArray().Select(delivery => delivery.GetProperty("id").GetString()!));
            next = page.Headers.TryGetValue("Link", out string? link) ? link.Split('<', '>')[1] : null;
            Assert.True(next is null || next.StartsWith(_server.Address.AbsoluteUri, StringComparison.Ordinal), next);
            pages++;
        }

        Assert.Equal(3, pages);
        Assert.Equal((await hook.DeliveriesAsync()).Reverse().Select(delivery => delivery.Id.ToString(CultureInfo.InvariantCulture)), ids);
    }

    [Fact]
    public async Task Deliveries_can_be_searched_by_event_type_deployment_state_and_time()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string site = Some.Site();
        string id = await _server.SubscribeAsync(receiver.Url, "*", $"/sites/{site}/api/hooks");
        string deployment = Some.DeploymentId();
        Assert.Equal(200, (await _server.PutAsync($"/sites/{site}/api/deployments/{deployment}", Some.Report())).Code);
        receiver.AnswerAlways(500);
        string type = Some.EventType();
        string @event = (await _server.SendAsync(HttpMethod.Post, $"/sites/{site}/api/hooks/publish/{type}", "{}")).Headers["Nyala-Event-Id"];

        Assert.Equal(["delivered"], await StatesAsync($"deployment={deployment}&hook={id}"));
        Assert.Equal(["pending"], await StatesAsync($"event={@event}&hook={id}"));
        Assert.Equal(["pending"], await StatesAsync($"type={type.ToUpperInvariant()}&hook={id}"));
        Assert.Equal(["pending", "delivered"], await StatesAsync($"hook={id}"));
        Assert.Equal(["pending"], await StatesAsync($"hook={id}&state=pending"));
        Assert.Equal(["pending", "delivered"], await StatesAsync($"hook={id}&since=1h&until=2100-01-01"));
        Assert.Empty(await StatesAsync($"hook={id}&until=1h"));
        Assert.Empty(await StatesAsync($"hook={id}&event=1"));
        Assert.Equal(["pending", "delivered"], (await ListAsync($"/sites/{site}/api/deliveries")).Select(State));
        Assert.Empty(await ListAsync($"/sites/{Some.Site()}/api/deliveries"));
        Assert.Empty(await ListAsync($"/sites/{Some.Site()}/api/deliveries?event={@event}"));

        async Task<IEnumerable<string>> StatesAsync(string query) => (await ListAsync("/api/deliveries?" + query)).Select(State);
    }

    [Fact]
    public async Task A_delivery_shows_the_requests_and_responses_of_its_attempts()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        receiver.AnswerNext(new Answer(503, "Größe", ("X-Why", "busy")));
        await hook.PublishAsync("""{"a":"ü"}""");
        DeliveryRecord delivery = await hook.DeliveryAsync();

        Reply byId = await _server.GetAsync($"/api/deliveries/{delivery.Id}");
        Reply byWebhookId = await _server.GetAsync($"/api/deliveries/msg_{delivery.Id}");

        Assert.Equal((200, byId.Text), (byId.Code, byWebhookId.Text));
        Received received = await receiver.NextAsync();
        Assert.Equal((received.Header("webhook-id"), received.Text, "False"), (byId["webhook_id"], byId["body"], byId["body_base64"]));
        JsonElement attempt = byId.Json.GetProperty("history")[0];
        Assert.Equal((1, 503, "Größe"), (attempt.GetProperty("number").GetInt32(), attempt.GetProperty("status").GetInt32(), attempt.GetProperty("answer").GetString()));
        Dictionary<string, string> sent = Fields(attempt.GetProperty("request_headers"));
        Assert.All(received.Headers, header => Assert.Equal(header.Value, sent[header.Key]));
        Assert.Equal("busy", Fields(attempt.GetProperty("answer_headers"))["X-Why"]);
        double total = attempt.GetProperty("duration_seconds").GetDouble();
        Assert.InRange(attempt.GetProperty("connect_seconds").GetDouble(), 0, total);
        Assert.InRange(attempt.GetProperty("first_byte_seconds").GetDouble(), 0, total);
        Assert.Equal(JsonValueKind.Null, attempt.GetProperty("tls_seconds").ValueKind);
    }

    [Fact]
    public async Task A_response_body_that_is_not_text_is_shown_as_base64()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        await hook.PublishAsync();
        long id = (await hook.DeliveryAsync()).Id;
        await hook.WriteAsync(tables => tables.RecordAttempt(tables.Deliveries.Attempts(id)[0] with { Number = 2, Answer = [0xff, 0xfe] }));

        JsonElement attempt = (await _server.GetAsync($"/api/deliveries/{id}")).Json.GetProperty("history")[1];

        Assert.Equal(("//4=", true), (attempt.GetProperty("answer").GetString(), attempt.GetProperty("answer_base64").GetBoolean()));
    }

    [Fact]
    public async Task A_long_response_body_is_cut_between_characters_and_marked_as_cut()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        receiver.AnswerNext(new Answer(200, "x" + new string('ü', 16 * 1024)));
        await hook.PublishAsync();

        JsonElement attempt = (await _server.GetAsync($"/api/deliveries/{(await hook.DeliveryAsync()).Id}")).Json.GetProperty("history")[0];

        Assert.Equal((true, false), (attempt.GetProperty("answer_cut").GetBoolean(), attempt.GetProperty("answer_base64").GetBoolean()));
        Assert.Equal("x" + new string('ü', (8 * 1024) - 1), attempt.GetProperty("answer").GetString());
    }

    [Theory]
    [InlineData("Paused", "resume")]
    [InlineData("Disabled", "enable")]
    public async Task A_held_delivery_shows_the_reason_and_no_next_attempt(string state, string verb)
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, Some.Url());
        await hook.WriteAsync(tables => tables.Hooks.SetState(hook.Number, Enum.Parse<HookState>(state), null, DateTimeOffset.UnixEpoch));
        await hook.PublishAsync();

        Reply delivery = await _server.GetAsync($"/api/deliveries/{(await hook.DeliveryAsync()).Id}");

        Assert.Equal(("pending", ""), (delivery["state"], delivery["next_attempt"]));
        Assert.Contains(verb, delivery["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_attempt_is_at_the_end_of_the_hooks_hold_if_that_is_later()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerAlways(500);
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        await hook.PublishAsync();
        string id = (await hook.DeliveryAsync()).Id.ToString(CultureInfo.InvariantCulture);
        DateTimeOffset retry = (await hook.DeliveryAsync()).Due;

        Assert.Equal(retry, (await _server.GetAsync($"/api/deliveries/{id}")).Json.GetProperty("next_attempt").GetDateTimeOffset());

        await hook.WriteAsync(tables => tables.Hooks.SetHealth(hook.Number, new HookHealth(5, retry, retry.AddHours(1), 0)));
        Assert.Equal(retry.AddHours(1), (await _server.GetAsync($"/api/deliveries/{id}")).Json.GetProperty("next_attempt").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("read")]
    [InlineData("deploy")]
    public async Task A_token_without_the_hooks_scope_sees_no_request_or_response_contents(string scope)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        receiver.AnswerNext(new Answer(308, "answer-secret", ("Location", "https://example.com/?sig=target-secret"), ("X-A", "header-secret")));
        await hook.PublishAsync("\"body-secret\"");
        DeliveryRecord delivery = await hook.DeliveryAsync();
        foreach (string path in (string[])[$"/api/deliveries/{delivery.Id}", $"/api/hooks/{hook.Id}/deliveries", $"/api/events/{delivery.Event}"])
        {
            string told = await GetWithScopeAsync(scope, path);
            Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
            Assert.DoesNotContain("webhook-signature", told, StringComparison.Ordinal);
            Assert.Contains("308", told, StringComparison.Ordinal);
        }

        string all = (await _server.GetAsync($"/api/deliveries/{delivery.Id}")).Text;
        Assert.All(["answer-secret", "target-secret", "header-secret", "body-secret"], word => Assert.Contains(word, all, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_shows_all_its_deliveries_or_at_a_site_only_the_deliveries_of_that_site()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string site = Some.Site();
        string type = Some.EventType();
        string atRoot = await _server.SubscribeAsync(new Uri(receiver.Url, "/root"), type);
        string atSite = await _server.SubscribeAsync(new Uri(receiver.Url, "/site"), type, $"/sites/{site}/api/hooks");
        string id = (await _server.SendAsync(HttpMethod.Post, $"/sites/{site}/api/hooks/publish/{type}", """{"a":1}""")).Headers["Nyala-Event-Id"];

        Reply root = await _server.GetAsync($"/api/events/{id}");
        Reply ofSite = await _server.GetAsync($"/sites/{site}/api/events/{id}");

        Assert.Equal((type, site, """{"a":1}"""), (root["type"], root["site"], root["body"]));
        Assert.Equal(new[] { atRoot, atSite }.Order(), Hooks(root).Order());
        Assert.Equal([atSite], Hooks(ofSite));
        Assert.Equal(2, (await ListAsync(root["deliveries_url"])).Count);
        Assert.Equal([id], (await ListAsync($"/api/events?type={type}&since=1h")).Select(one => one.GetProperty("id").GetString()));
        Assert.Equal([id], (await ListAsync($"/sites/{site}/api/events")).Select(one => one.GetProperty("id").GetString()));
        Assert.Equal(404, (await _server.GetAsync($"/sites/{Some.Site()}/api/events/{id}")).Code);

        static IEnumerable<string> Hooks(Reply reply) => reply.Json.GetProperty("deliveries").EnumerateArray().Select(delivery => delivery.GetProperty("hook").GetString()!);
    }

    [Fact]
    public async Task A_site_returns_404_for_a_delivery_of_a_hook_at_another_site()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string site = Some.Site();
        string type = Some.EventType();
        await _server.SubscribeAsync(receiver.Url, type, $"/sites/{site}/api/hooks");
        await _server.SendAsync(HttpMethod.Post, $"/sites/{site}/api/hooks/publish/{type}", "{}");
        string delivery = Assert.Single(await ListAsync($"/sites/{site}/api/deliveries")).GetProperty("id").GetString()!;

        Assert.Equal(200, (await _server.GetAsync($"/sites/{site}/api/deliveries/{delivery}")).Code);
        Assert.Equal(404, (await _server.GetAsync($"/sites/{Some.Site()}/api/deliveries/{delivery}")).Code);
    }

    [Fact]
    public async Task A_site_returns_404_for_deliveries_of_a_hook_at_the_root()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        await hook.PublishAsync();
        string site = Some.Site();
        long delivery = (await hook.DeliveryAsync()).Id;

        Assert.Equal(404, (await _server.GetAsync($"/sites/{site}/api/deliveries/{delivery}")).Code);
        Assert.Equal(404, (await _server.GetAsync($"/sites/{site}/api/hooks/{hook.Id}/deliveries")).Code);
        Assert.Equal(404, (await _server.SendAsync(HttpMethod.Post, $"/sites/{site}/api/deliveries/{delivery}/redeliver")).Code);
        Assert.Equal(404, (await _server.SendAsync(HttpMethod.Post, $"/sites/{site}/api/hooks/{hook.Id}/redeliver", """{"since":"1h"}""")).Code);
        Assert.Equal(1, receiver.Count);
    }

    private static string State(JsonElement delivery) => delivery.GetProperty("state").GetString()!;

    private static Dictionary<string, string> Fields(JsonElement headers) => headers.EnumerateArray().ToDictionary(
        header => header.GetProperty("name").GetString()!, header => header.GetProperty("value").GetString()!, StringComparer.OrdinalIgnoreCase);

    private async Task<IReadOnlyList<JsonElement>> ListAsync(string path)
    {
        Reply reply = await _server.GetAsync(path);
        Assert.Equal(200, reply.Code);
        return [.. reply.Json.EnumerateArray()];
    }

    private async Task<string> GetWithScopeAsync(string scope, string path)
    {
        string token = (await _server.PostAsync("/api/tokens", new JsonObject { ["name"] = "reader", ["scopes"] = new JsonArray(scope) }))["token"];
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + token)));
        Reply reply = await Reply.ReadAsync(await _server.Anonymous.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal(200, reply.Code);
        return reply.Text;
    }
}
