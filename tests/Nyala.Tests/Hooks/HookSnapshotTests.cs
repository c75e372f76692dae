using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary>Approved snapshots of a hook in responses.</summary>
public sealed class HookSnapshotTests
{
    [Fact]
    public async Task A_created_hook_has_the_approved_form()
    {
        await using TestServer server = await TestServer.StartAsync();

        Approved.Json((await server.PostAsync("/api/hooks", Some.Hook("http://www.callback.com/callback"))).Text);
    }

    [Fact]
    public async Task A_hook_before_and_after_calls_has_the_approved_form()
    {
        await using TestServer server = await TestServer.StartAsync(clock: new SignalClock());
        await using Receiver receiver = await Receiver.StartAsync();
        await server.PostAsync("/sites/shop/api/hooks", Some.Hook("http://www.callback.com/callback", "TriggeredJobFinished"));
        string id = await server.SubscribeAsync(receiver.Url);
        receiver.AnswerNext(new Answer(503, "busy", ("Retry-After", "120")));
        await server.SendAsync(HttpMethod.Post, "/api/hooks/publish/PostDeployment", """{"status":"success","message":"Größe \"7\" <b>"}""");

        Approved.Json($"[{(await server.GetAsync($"/api/hooks/{id}")).Text}, {(await server.GetAsync("/api/hooks")).Text}]");
    }

    [Fact]
    public async Task Refused_hook_requests_return_the_approved_errors()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.PostAsync("/api/hooks", Some.Hook("http://www.callback.com/callback"));

        string[] replies =
        [
            (await server.SendAsync(HttpMethod.Post, "/api/hooks")).Text,
            (await server.SendAsync(HttpMethod.Post, "/api/hooks", """{"url":""")).Text,
            (await server.SendAsync(HttpMethod.Post, "/api/hooks", """{"url":"/relative","insecure_ssl":"perhaps","secret":"12"}""")).Text,
            (await server.PostAsync("/api/hooks", Some.Hook("http://www.callback.com/callback", "Other"))).Text,
            (await server.GetAsync("/api/hooks/1")).Text,
            (await server.DeleteAsync("/api/hooks")).Text,
            (await server.GetAsync("/sites/-x/api/hooks")).Text,
            (await server.SendAsync(HttpMethod.Post, "/api/hooks/publish/a%20b", "{}")).Text,
        ];

        Approved.Json($"[{string.Join(',', replies)}]");
    }
}
