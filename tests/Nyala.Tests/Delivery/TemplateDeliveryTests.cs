using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Server;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>What a receiver gets from a hook with a template.</summary>
public sealed class TemplateDeliveryTests : DeliveryTest
{
    private const string Injection = "a\r\nX-Evil: 1\0\tb ä😀 c";

    /// <summary>The tests advance the clock while attempts are made, and no attempt may time out on a slow machine.</summary>
    private protected override void Configure(NyalaOptions options) =>
        options.Outbound.ConnectTimeout = options.Outbound.AttemptTimeout = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_receiver_gets_the_method_headers_and_body_of_the_template()
    {
        HookUnderTest hook = await AddAsync(new JsonObject
        {
            ["body"] = "v={{ payload.v }}&t={{ type }}",
            ["content_type"] = "application/x-www-form-urlencoded",
            ["method"] = "PATCH",
            ["headers"] = new JsonObject { ["X-V"] = "[{{ payload.v }}]", ["X-None"] = "{{ payload.none }}", ["X-Type"] = "{{ type }}" },
        });

        await hook.PublishAsync(JsonSerializer.Serialize(new { v = Injection }));

        Received received = await Receiver.NextAsync();
        Assert.Equal(("PATCH", "application/x-www-form-urlencoded"), (received.Method, received.Header("Content-Type")));
        Assert.Equal($"v={Uri.EscapeDataString(Injection)}&t={hook.Type}", received.Text);
        Assert.Equal(("[aX-Evil: 1b  c]", null, hook.Type, null), (received.Header("X-V"), received.Header("X-None"), received.Header("X-Type"), received.Header("X-Evil")));
    }

    [Fact]
    public async Task A_retry_sends_what_the_first_attempt_sent_although_the_template_has_changed()
    {
        HookUnderTest hook = await AddAsync(new JsonObject { ["body"] = "{\"one\":{{ payload.v }}}", ["method"] = "PUT", ["headers"] = new JsonObject { ["X-V"] = "{{ payload.v }}" } });
        Receiver.AnswerNext(new Answer(500));
        await hook.PublishAsync("""{"v":7}""");
        Received first = await Receiver.NextAsync();
        Assert.Equal(200, (await Server.SendAsync(HttpMethod.Patch, $"/api/hooks/{hook.Id}", """{"template":{"body":"other","content_type":"text/plain"}}""")).Code);

        Clock.Advance(TimeSpan.FromMinutes(1));
        await hook.SettledAsync();

        Received second = await Receiver.NextAsync();
        Assert.Equal(("PUT", "{\"one\":7}", "7"), (first.Method, first.Text, first.Header("X-V")));
        Assert.Equal((first.Method, first.Text, first.Header("X-V"), first.Header("Content-Type")), (second.Method, second.Text, second.Header("X-V"), second.Header("Content-Type")));
    }

    [Fact]
    public async Task An_event_that_cannot_be_rendered_fails_without_a_retry_and_later_ones_are_sent()
    {
        HookUnderTest hook = await AddAsync(new JsonObject { ["body"] = "{{ payload.v }}" });
        for (int i = 0; i < 6; i++)
        {
            await hook.PublishAsync("""{"v":"no JSON"}""");
        }

        await hook.PublishAsync("""{"v":7}""");

        await hook.SettledAsync();
        Assert.Equal("7", (await Receiver.NextAsync()).Text);
        IReadOnlyList<DeliveryRecord> deliveries = await hook.DeliveriesAsync();
        Assert.Equal([DeliveryState.Delivered, .. Enumerable.Repeat(DeliveryState.Failed, 6)], deliveries.Select(delivery => delivery.State).Order());
        Reply shown = await Server.GetAsync($"/api/deliveries/{deliveries.First(delivery => delivery.State == DeliveryState.Failed).Id}");
        Assert.Equal(("failed", ""), (shown["state"], shown["last_status"]));
        Assert.StartsWith("The template cannot render this event: the body is not valid JSON at line 1, byte ", shown["last_reason"], StringComparison.Ordinal);
        Assert.Equal("active", (await hook.ReadAsync())["state"]);
    }

    [Fact]
    public async Task A_ping_that_cannot_be_rendered_is_recorded_with_the_reason()
    {
        HookUnderTest hook = await AddAsync(new JsonObject { ["body"] = "{{ payload.v }}" });

        Reply ping = await Server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook.Id}/ping", "");

        Assert.Equal(0, Receiver.Count);
        Assert.Contains("The template cannot render this event: the body is empty, which is not valid JSON.", ping.Text, StringComparison.Ordinal);
    }

    private async Task<HookUnderTest> AddAsync(JsonObject template)
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        Assert.Equal(200, (await Server.SendAsync(HttpMethod.Patch, $"/api/hooks/{hook.Id}", new JsonObject { ["template"] = template }.ToJsonString())).Code);
        return hook;
    }
}
