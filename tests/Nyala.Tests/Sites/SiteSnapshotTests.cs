using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Sites;

/// <summary>Approved snapshots of sites, settings and error responses.</summary>
public sealed class SiteSnapshotTests : IAsyncLifetime
{
    private TestServer? _server;

    private TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Server.DisposeAsync();
    }

    [Fact]
    public async Task Sites_and_settings_have_the_approved_form()
    {
        var site = new JsonObject
        {
            ["name"] = "shop",
            ["branch"] = "release",
            ["command"] = "./deploy.sh \"ä\"",
            ["keep"] = 3,
            ["host"] = "shop.example.com",
        };
        Reply created = await Server.PostAsync("/api/sites", site);
        await Server.PutAsync("/sites/shop/api/deployments/abc", Some.Report());
        await Server.PostAsync("/sites/shop/api/settings", new JsonObject { ["API_KEY"] = "1" });

        Approved.Json(new JsonObject
        {
            ["created"] = JsonNode.Parse(created.Text),
            ["list"] = JsonNode.Parse((await Server.GetAsync("/api/sites")).Text),
            ["settings"] = JsonNode.Parse((await Server.GetAsync("/sites/shop/api/settings")).Text),
            ["setting"] = JsonNode.Parse((await Server.GetAsync("/sites/shop/api/settings/API_KEY")).Text),
        }.ToJsonString());
    }

    [Fact]
    public async Task Refused_site_requests_return_the_approved_errors()
    {
        await Server.PostAsync("/api/sites", new JsonObject { ["name"] = "shop" });
        (string Method, string Path, string? Body)[] requests =
        [
            ("POST", "/api/sites", ""),
            ("POST", "/api/sites", "[]"),
            ("POST", "/api/sites", "{}"),
            ("POST", "/api/sites", """{"name":"a/b","branch":"-x","command":" ","keep":0,"host":"https://x"}"""),
            ("POST", "/api/sites", """{"name":1,"brnach":"x"}"""),
            ("POST", "/api/sites", $$"""{"name":"x","command":"{{new string('x', 4097)}}"}"""),
            ("POST", "/api/sites", """{"name":"x","command":"a\u0000"}"""),
            ("POST", "/api/sites", """{"name":"SHOP"}"""),
            ("PATCH", "/api/sites/shop", """{"name":"other"}"""),
            ("PATCH", "/api/sites/shop", """{"keep":101,"branch":"a..b"}"""),
            ("PATCH", "/api/sites/nowhere", "{}"),
            ("GET", "/api/sites/nowhere", null),
            ("GET", "/api/sites/-x", null),
            ("DELETE", "/api/sites/nowhere", null),
            ("GET", "/sites/nowhere/api/settings", null),
            ("GET", "/sites/nowhere/api/settings/A", null),
            ("POST", "/sites/nowhere/api/settings", """{"A":"1"}"""),
            ("DELETE", "/sites/nowhere/api/settings/A", null),
            ("GET", "/api/settings/A", null),
            ("POST", "/api/settings", ""),
            ("POST", "/api/settings", """{"key":7,"value":"x"}"""),
            ("POST", "/api/settings", """{"key":"A","value":null}"""),
            ("POST", "/api/settings", """{"1":"x","NYALA_A":"x","DEPLOYMENT_ID":"x","B":[],"C":{}}"""),
            ("POST", "/api/settings", """{"SCM_BRANCH":"a..b","COMMAND":" ","A":"\u0000"}"""),
            ("POST", "/api/settings", "{" + string.Join(',', Enumerable.Range(0, 50).Select(i => $"\"{i}{new string('x', 100)}\":1")) + "}"),
        ];
        var refusals = new JsonArray();
        foreach ((string method, string path, string? body) in requests)
        {
            Reply reply = await Server.SendAsync(HttpMethod.Parse(method), path, body);
            Assert.Equal("application/problem+json", reply.ContentType);
            Assert.True(reply.Text.Length < 2048, reply.Text);
            refusals.Add(new JsonObject { ["request"] = $"{method} {path}", ["answer"] = JsonNode.Parse(reply.Text) });
        }

        Approved.Json(refusals.ToJsonString());
    }
}
