using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Http;

/// <summary>Every endpoint is served at the root and at a site, with and without <c>/api</c> and a slash at its end.</summary>
public sealed class BaseTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    public static TheoryData<string, string> Bases()
    {
        var bases = new TheoryData<string, string>();
        foreach (string prefix in (string[])["/api", "", "/sites/{0}/api", "/sites/{0}"])
        {
            bases.Add(prefix, "");
            bases.Add(prefix, "/");
        }

        return bases;
    }

    [Theory, MemberData(nameof(Bases))]
    public async Task Hook_endpoints_work_at_every_base_path(string prefix, string end)
    {
        string hooks = At(prefix, out _) + "/hooks";
        Reply subscribed = await _server.PostAsync(hooks + end, Some.Hook(type: Some.EventType()));
        string id = subscribed["id"];

        Assert.Equal(201, subscribed.Code);
        Assert.Contains(id, (await _server.GetAsync(hooks + end)).Text, StringComparison.Ordinal);
        Assert.Equal(id, (await _server.GetAsync($"{hooks}/{id}{end}"))["id"]);
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Post, $"{hooks}/{id}/ping{end}")).Code);
        Assert.Equal(200, (await _server.DeleteAsync($"{hooks}/{id}{end}")).Code);
        Assert.Equal(404, (await _server.GetAsync($"{hooks}/{id}{end}")).Code);

        JsonObject hook = Some.Hook(type: Some.EventType());
        id = (await _server.PostAsync(hooks + end, hook))["id"];
        Assert.Equal(200, (await _server.DeleteAsync($"{hooks}{end}?url={hook["url"]}")).Code);
        Assert.Equal(404, (await _server.GetAsync($"{hooks}/{id}{end}")).Code);
    }

    [Theory, MemberData(nameof(Bases))]
    public async Task Publish_endpoints_work_at_every_base_path(string prefix, string end)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string hooks = At(prefix, out _) + "/hooks";
        string type = Some.EventType();
        await _server.SubscribeAsync(receiver.Url, type, hooks);

        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Post, $"{hooks}/publish/{type}{end}", "1")).Code);
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Post, $"{hooks}/hooks/publish/{type}{end}", "2")).Code);

        Assert.Equal("1", (await receiver.NextAsync()).Text);
        Assert.Equal("2", (await receiver.NextAsync()).Text);
    }

    [Theory, MemberData(nameof(Bases))]
    public async Task Deployment_endpoints_work_at_every_base_path(string prefix, string end)
    {
        string deployments = At(prefix, out string site) + "/deployments";
        string id = Some.DeploymentId();
        Reply reported = await _server.PutAsync($"{deployments}/{id}{end}", Some.Report(status: 3));

        Assert.Equal(200, reported.Code);
        Assert.Equal(site, reported["site_name"]);
        Assert.Contains(id, (await _server.GetAsync(deployments + end)).Text, StringComparison.Ordinal);
        Assert.Equal(id, (await _server.GetAsync($"{deployments}/{id}{end}"))["id"]);
        Assert.NotEqual(404, (await _server.GetAsync($"{deployments}/latest{end}")).Code);
        Assert.Equal(204, (await _server.SendAsync(HttpMethod.Post, $"{deployments}/{id}/log{end}", """[{"message":"line"}]""")).Code);
        Reply log = await _server.GetAsync($"{deployments}/{id}/log{end}");
        Assert.Equal("line", log.Json[1].GetProperty("message").GetString());
        Assert.Equal("[]", (await _server.GetAsync($"{deployments}/{id}/log/{log.Json[1].GetProperty("id")}{end}")).Text);
        Assert.Equal(204, (await _server.DeleteAsync($"{deployments}/{id}{end}")).Code);
        Assert.Equal(404, (await _server.GetAsync($"{deployments}/{id}{end}")).Code);
    }

    private static string At(string prefix, out string site)
    {
        site = prefix.Contains("{0}", StringComparison.Ordinal) ? Some.Site() : "default";
        return prefix.Replace("{0}", site, StringComparison.Ordinal);
    }
}
