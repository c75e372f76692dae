using System.Globalization;
using System.Text.RegularExpressions;
using Nyala.Tests.Support;

namespace Nyala.Tests.History;

/// <summary>Approved snapshots of the history's responses.</summary>
public sealed partial class RecordSnapshotTests
{
    [Fact]
    public async Task Deliveries_events_and_redeliveries_have_the_approved_form()
    {
        await using TestServer server = await TestServer.StartAsync(clock: new SignalClock());
        await using Receiver receiver = await Receiver.StartAsync();
        string hook = await server.SubscribeAsync(receiver.Url);
        receiver.AnswerNext(new Answer(410, "No more.", ("X-Why", "moved")));
        await server.PutAsync("/sites/shop/api/deployments/abc", Some.Report());
        await server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook}/restore");
        Reply list = await server.GetAsync("/api/deliveries");
        string delivery = list.Json[0].GetProperty("id").GetString()!;
        string @event = list.Json[0].GetProperty("event").GetProperty("id").GetString()!;

        string[] replies =
        [
            list.Text,
            (await server.GetAsync($"/api/deliveries/{delivery}")).Text,
            (await server.SendAsync(HttpMethod.Post, $"/api/deliveries/{delivery}/redeliver")).Text,
            (await server.GetAsync("/api/events")).Text,
            (await server.GetAsync($"/api/events/{@event}")).Text,
            (await server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook}/redeliver", """{"since":"2h","state":"gone"}""")).Text,
        ];

        Approved.Json(Date().Replace($"[{string.Join(',', replies)}]", "$1\"{date}\""));
    }

    [Fact]
    public async Task Refused_history_requests_return_the_approved_errors()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver);
        await hook.PublishAsync();
        string id = (await hook.DeliveryAsync()).Id.ToString(CultureInfo.InvariantCulture);
        await server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook.Id}/pause");

        string[] replies =
        [
            (await server.GetAsync("/api/deliveries/1")).Text,
            (await server.GetAsync("/api/events/1")).Text,
            (await server.GetAsync("/api/redeliveries/1")).Text,
            (await server.GetAsync("/api/deliveries?hook=x&event=PostDeployment&state=lost&since=soon&limit=0")).Text,
            (await server.GetAsync("/api/events?since=1h&until=2h")).Text,
            (await server.SendAsync(HttpMethod.Post, $"/api/deliveries/{id}/redeliver")).Text,
            (await server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook.Id}/redeliver", "{}")).Text,
            (await server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook.Id}/redeliver", """{"since":"1h"}""")).Text,
        ];

        Approved.Json($"[{string.Join(',', replies)}]");
    }

    // Kestrel writes this header from the real clock, which a test cannot set.
    [GeneratedRegex(@"(""name"":""Date"",""value"":)""[^""]*""")]
    private static partial Regex Date();
}
