using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Audit;

/// <summary>The audit log: who changed what.</summary>
public sealed class AuditTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Creating_changing_and_removing_a_hook_is_logged_without_secrets()
    {
        string site = Some.Site();
        JsonObject hook = Some.Hook("https://ann:opensesame@hooks.example.com/T024/hidden-path?sig=hidden-query", "Built");
        string id = (await _server.PostAsync($"/sites/{site}/api/hooks", hook))["id"];
        hook["insecure_ssl"] = true;
        await _server.PostAsync($"/sites/{site}/api/hooks", hook);
        await _server.DeleteAsync($"/sites/{site}/api/hooks/{id}");
        await _server.DeleteAsync($"/sites/{site}/api/hooks/{id}");

        Reply audit = await OfAsync(id);

        Assert.Equal(["hook.removed", "hook.changed", "hook.created"], audit.Json.EnumerateArray().Select(entry => entry.GetProperty("action").GetString()!));
        Assert.All(audit.Json.EnumerateArray(), entry =>
        {
            Assert.Equal((site, "admin", "127.0.0.1"), (Text(entry, "site"), Text(entry, "actor"), Text(entry, "address")));
            Assert.Equal("""{"event":"Built","url":"https://hooks.example.com"}""", entry.GetProperty("details").GetRawText());
        });
        Assert.DoesNotContain("opensesame", audit.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", audit.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscription_that_changes_nothing_is_not_logged()
    {
        JsonObject hook = Some.Hook();
        string id = (await _server.PostAsync("/api/hooks", hook))["id"];

        await _server.PostAsync("/api/hooks", hook);

        Assert.Single((await OfAsync(id)).Json.EnumerateArray());
    }

    [Fact]
    public async Task Removing_a_deployment_is_logged_and_a_409_is_not()
    {
        (string site, string id) = (Some.Site(), Some.DeploymentId());
        await _server.PutAsync($"/sites/{site}/api/deployments/{id}", Some.Report(status: 1));
        Assert.Equal(409, (await _server.DeleteAsync($"/sites/{site}/api/deployments/{id}")).Code);
        await _server.PutAsync($"/sites/{site}/api/deployments/{id}", Some.Report(status: 3));
        Assert.Equal(204, (await _server.DeleteAsync($"/sites/{site}/api/deployments/{id}")).Code);

        JsonElement entry = Assert.Single((await OfAsync(id)).Json.EnumerateArray());

        Assert.Equal(("deployment.removed", site), (Text(entry, "action"), Text(entry, "site")));
    }

    [Fact]
    public async Task The_audit_log_is_paged_by_Link_headers()
    {
        string id = (await _server.PostAsync("/api/hooks", Some.Hook()))["id"];
        JsonObject hook = JsonNode.Parse((await _server.GetAsync($"/api/hooks/{id}")).Text)!.AsObject();
        foreach (bool insecure in (bool[])[true, false, true])
        {
            hook["insecure_ssl"] = insecure;
            await _server.PostAsync("/api/hooks", hook);
        }

        var pages = new List<int>();
        string? next = $"/api/audit?target={id}&limit=3";
        while (next is not null)
        {
            Reply page = await _server.GetAsync(next);
            pages.Add(page.Json.GetArrayLength());
            next = page.Headers.TryGetValue("Link", out string? link) ? link.Split('<', '>')[1] : null;
            Assert.StartsWith(_server.Address.AbsoluteUri, next ?? _server.Address.AbsoluteUri, StringComparison.Ordinal);
        }

        Assert.Equal([3, 1], pages);
    }

    [Theory]
    [InlineData("limit=0", "'limit' must be a whole number from 1 to 1000.")]
    [InlineData("limit=1001", "'limit' must be")]
    [InlineData("limit=x", "'limit' must be")]
    [InlineData("before=yesterday", "'before' must be the id of an entry")]
    public async Task The_audit_log_returns_400_for_an_invalid_limit_or_cursor(string query, string reason)
    {
        Reply reply = await _server.GetAsync("/api/audit?" + query);

        Assert.Equal(400, reply.Code);
        Assert.Contains(reason, reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_log_can_be_filtered_by_action()
    {
        string id = (await _server.PostAsync("/api/hooks", Some.Hook()))["id"];
        await _server.DeleteAsync($"/api/hooks/{id}");

        Reply reply = await _server.GetAsync($"/api/audit?target={id}&action=hook.removed");

        Assert.Equal("hook.removed", Text(Assert.Single(reply.Json.EnumerateArray()), "action"));
    }

    private Task<Reply> OfAsync(string target) => _server.GetAsync($"/api/audit?target={target}");

    private static string? Text(JsonElement entry, string field) => entry.GetProperty(field).GetString();
}
