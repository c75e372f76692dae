using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying;

/// <summary>The cases of Kudu's own hook tests, with deployments that the server performs.</summary>
public sealed class DeployedHooksTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Each_deployment_notifies_the_hooks_that_are_subscribed_at_that_time()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        await using Receiver one = await Receiver.StartAsync();
        await using Receiver two = await Receiver.StartAsync();
        string hooks = $"{site.Api}/hooks";

        string first = await _server.SubscribeAsync(one.Url, path: hooks);
        string id = (await site.ZipAsync(("index.html", "one")))["id"];
        AssertTold(await one.NextAsync(), id, "success", run: 1);

        string second = await _server.SubscribeAsync(two.Url, path: hooks);
        await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments/{id}");
        AssertTold(await one.NextAsync(), id, "success", run: 2);
        AssertTold(await two.NextAsync(), id, "success", run: 2);

        string failing = (await site.ZipAsync((".deployment", "[config]\ncommand = exit 1\n")))["id"];
        AssertTold(await one.NextAsync(), failing, "failed", run: 1);
        AssertTold(await two.NextAsync(), failing, "failed", run: 1);

        await _server.DeleteAsync($"{hooks}/{first}");
        await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments/{id}");
        AssertTold(await two.NextAsync(), id, "success", run: 3);
        Assert.Equal(3, one.Count);

        await _server.DeleteAsync($"{hooks}/{second}");
        await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments/{id}");
        Assert.Equal((3, 3), (one.Count, two.Count));
    }

    [Fact]
    public async Task A_custom_event_reaches_both_hooks_and_subscribing_one_of_their_URLs_returns_409()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        await using Receiver one = await Receiver.StartAsync();
        await using Receiver two = await Receiver.StartAsync();
        string hooks = $"{site.Api}/hooks";
        string type = Some.EventType();
        await _server.SubscribeAsync(one.Url, type, hooks);
        await _server.SubscribeAsync(two.Url, type, hooks);

        await _server.PostAsync($"{hooks}/publish/{type}", new JsonObject { ["hello"] = "world" });
        await site.ZipAsync(("index.html", "one"));

        Assert.Equal("""{"hello":"world"}""", (await one.NextAsync()).Text);
        Assert.Equal("""{"hello":"world"}""", (await two.NextAsync()).Text);
        Assert.Equal((1, 1), (one.Count, two.Count));
        Assert.Equal(409, (await _server.PostAsync(hooks, Some.Hook(one.Url.AbsoluteUri, "PostDeployment"))).Code);
    }

    [Fact]
    public async Task A_webhook_is_delivered_before_the_deploy_request_returns()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, path: $"{site.Api}/hooks");

        await site.ZipAsync(("index.html", "one"));

        Assert.Equal(1, receiver.Count);
    }

    [Fact]
    public async Task A_receiver_that_hangs_does_not_block_the_next_deployment()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, path: $"{site.Api}/hooks");
        receiver.Hold();
        Task<Reply> slow = site.ZipAsync(("index.html", "one"));
        await receiver.NextAsync();

        Reply next = await site.BeginAsync(("index.html", "two"));

        Assert.Equal(202, next.Code);
        receiver.Release();
        Assert.Equal(200, (await slow).Code);
        await site.EndAsync(next["id"]);
    }

    private static void AssertTold(Received received, string id, string status, int run)
    {
        JsonElement told = received.Json;
        Assert.Equal(
            (id, status, run, true),
            (told.GetProperty("id").GetString(), told.GetProperty("status").GetString(), told.GetProperty("run").GetInt32(), told.GetProperty("complete").GetBoolean()));
    }
}
