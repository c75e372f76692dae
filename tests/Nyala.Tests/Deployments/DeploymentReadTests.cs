using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deployments;

/// <summary><c>GET</c> and <c>DELETE</c> of <c>/api/deployments</c>.</summary>
public sealed class DeploymentReadTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;
    private readonly string _site = Some.Site();

    private string Deployments => $"/sites/{_site}/api/deployments";

    [Fact]
    public async Task The_list_has_only_the_sites_deployments_newest_received_first()
    {
        string[] ids = [await ReportAsync(), await ReportAsync(status: 1), await ReportAsync(status: 3)];
        await _server.PutAsync($"/sites/{Some.Site()}/api/deployments/{Some.DeploymentId()}", Some.Report());

        Reply reply = await _server.GetAsync(Deployments);

        Assert.Equal((200, "application/json; charset=utf-8"), (reply.Code, reply.ContentType));
        Assert.Equal(ids.Reverse(), Ids(reply));
    }

    [Fact]
    public async Task The_root_list_includes_deployments_of_sites_other_than_the_default_site()
    {
        string id = await ReportAsync();

        Assert.Contains(id, Ids(await _server.GetAsync("/api/deployments?limit=1000")));
    }

    [Fact]
    public async Task Limit_and_before_page_through_the_list()
    {
        string[] ids = [await ReportAsync(), await ReportAsync(), await ReportAsync()];

        Reply first = await _server.GetAsync($"{Deployments}?limit=2");
        string before = first.Json[1].GetProperty("received_time").GetString()!;
        Reply rest = await _server.GetAsync($"{Deployments}?limit=2&before={before}");

        Assert.Equal([ids[2], ids[1]], Ids(first));
        Assert.Equal([ids[0]], Ids(rest));
    }

    [Theory]
    [InlineData("limit=0", "'limit' must be a whole number from 1 to 1000.")]
    [InlineData("limit=1001", "'limit' must be a whole number from 1 to 1000.")]
    [InlineData("limit=ten", "'limit' must be a whole number from 1 to 1000.")]
    [InlineData("before=yesterday", "'before' must be an ISO 8601 time, for example 2026-02-27T17:45:06Z.")]
    public async Task The_list_returns_400_for_an_invalid_limit_or_before_parameter(string query, string reason)
    {
        Reply reply = await _server.GetAsync($"{Deployments}?{query}");

        Assert.Equal((400, reason), (reply.Code, reply.Reason));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/{id}")]
    [InlineData("/latest")]
    public async Task A_read_returns_304_for_its_own_ETag_until_the_deployment_changes(string path)
    {
        string id = await ReportAsync();
        path = Deployments + path.Replace("{id}", id, StringComparison.Ordinal);
        string tag = (await _server.GetAsync(path)).Headers["ETag"];

        Assert.True(EntityTagHeaderValue.TryParse(tag, out _));
        foreach (string known in (string[])[tag, $"W/{tag}", $"\"other\", {tag}", "*"])
        {
            Reply unchanged = await _server.SendAsync(HttpMethod.Get, path, null as string, ("If-None-Match", known));

            Assert.Equal((304, "", tag), (unchanged.Code, unchanged.Text, unchanged.Headers["ETag"]));
        }

        await _server.PutAsync($"{Deployments}/{id}", Some.Report(3, Some.RunKey()));
        Reply changed = await _server.SendAsync(HttpMethod.Get, path, null as string, ("If-None-Match", tag));

        Assert.Equal(200, changed.Code);
        Assert.NotEqual(tag, changed.Headers["ETag"]);
    }

    [Fact]
    public async Task Reading_a_running_deployment_returns_200_with_its_status()
    {
        string id = await ReportAsync(status: 1);

        Reply reply = await _server.GetAsync($"{Deployments}/{id}");

        Assert.Equal((200, "1"), (reply.Code, reply["status"]));
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("-x")]
    public async Task An_unknown_deployment_returns_404_with_Kudus_message(string id)
    {
        Reply reply = await _server.GetAsync($"{Deployments}/{id}");

        Assert.Equal((404, $$"""{"Message":"Deployment '{{id}}' not found."}"""), (reply.Code, reply.Text));
    }

    [Fact]
    public async Task The_URLs_of_a_deployment_lead_to_it_and_to_its_log()
    {
        string id = await ReportAsync();
        Reply reply = await _server.GetAsync($"{Deployments}/{id}");

        Assert.Equal($"{_server.Address.AbsoluteUri.TrimEnd('/')}{Deployments}/{id}", reply["url"]);
        Assert.Equal(reply.Text, (await _server.GetAsync(reply["url"])).Text);
        Assert.Contains("Deployment successful.", (await _server.GetAsync(reply["log_url"])).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Latest_returns_404_if_the_site_has_no_deployment() => Assert.Equal(404, (await _server.GetAsync($"{Deployments}/latest")).Code);

    [Fact]
    public async Task Latest_returns_the_deployment_that_ended_last()
    {
        string first = await ReportAsync(status: 1);
        await ReportAsync();
        await _server.PutAsync($"{Deployments}/{first}", Some.Report(status: 3));

        Reply reply = await _server.GetAsync($"{Deployments}/latest");

        Assert.Equal((200, first), (reply.Code, reply["id"]));
    }

    [Fact]
    public async Task Latest_returns_202_with_Location_and_Retry_After_while_a_deployment_runs()
    {
        string running = await ReportAsync(status: 1);
        await ReportAsync();

        Reply reply = await _server.GetAsync($"{Deployments}/latest");

        Assert.Equal((202, running), (reply.Code, reply["id"]));
        Assert.Equal($"{_server.Address.AbsoluteUri.TrimEnd('/')}{Deployments}/latest", reply.Headers["Location"]);
        Assert.InRange(int.Parse(reply.Headers["Retry-After"], null), 1, 60);
    }

    [Fact]
    public async Task At_the_root_an_id_is_looked_up_at_the_default_site_then_at_the_only_site_with_it()
    {
        string id = Some.DeploymentId();
        string other = Some.Site();
        await _server.PutAsync($"{Deployments}/{id}", Some.Report());

        Assert.Equal(_site, (await _server.GetAsync($"/api/deployments/{id}"))["site_name"]);
        await _server.PutAsync($"/sites/{other}/api/deployments/{id}", Some.Report());
        Assert.Equal(404, (await _server.GetAsync($"/api/deployments/{id}")).Code);
        await _server.PutAsync($"/api/deployments/{id}", Some.Report());
        Assert.Equal("default", (await _server.GetAsync($"/api/deployments/{id}"))["site_name"]);
    }

    [Fact]
    public async Task The_option_Sites_Default_names_the_default_site()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Sites.Default = "main");
        string id = Some.DeploymentId();

        Assert.Equal("main", (await server.PutAsync($"/api/deployments/{id}", Some.Report()))["site_name"]);
        Assert.Equal(200, (await server.GetAsync($"/sites/main/api/deployments/{id}")).Code);
    }

    [Fact]
    public async Task URLs_begin_with_PublicUrl_if_it_is_set()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.PublicUrl = "https://deploy.example.org/nyala/");

        Reply reply = await server.PutAsync("/sites/shop/api/deployments/one", Some.Report());
        Reply hook = await server.PostAsync("/sites/shop/api/hooks", Some.Hook());

        Assert.Equal("https://deploy.example.org/nyala/sites/shop/api/deployments/one", reply["url"]);
        Assert.Equal($"https://deploy.example.org/nyala/sites/shop/api/hooks/{hook["id"]}", hook.Headers["Location"]);
    }

    [Fact]
    public async Task Deleting_an_inactive_deployment_returns_204_and_removes_its_log()
    {
        string id = await ReportAsync(status: 3);
        await _server.SendAsync(HttpMethod.Post, $"{Deployments}/{id}/log", """[{"message":"line"}]""");
        RunRecord? run = await _server.Store.ReadAsync(tables => tables.Runs.FindLatest(_site, id), TestContext.Current.CancellationToken);

        Reply reply = await _server.DeleteAsync($"{Deployments}/{id}");

        Assert.Equal((204, ""), (reply.Code, reply.Text));
        Assert.Equal(404, (await _server.GetAsync($"{Deployments}/{id}")).Code);
        Assert.Equal(404, (await _server.GetAsync($"{Deployments}/{id}/log")).Code);
        Assert.Equal("1", (await _server.PutAsync($"{Deployments}/{id}", Some.Report(status: 3)))["run"]);
        while (await _server.Store.WriteAsync(tables => tables.Log.PruneRemoved(1000)) > 0)
        {
        }

        Assert.Empty(await _server.Store.ReadAsync(tables => tables.Log.Read(run!.Id, parent: 0), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Deleting_an_unknown_deployment_returns_404()
    {
        Reply reply = await _server.DeleteAsync($"{Deployments}/unknown");

        Assert.Equal((404, """{"Message":"Deployment 'unknown' not found."}"""), (reply.Code, reply.Text));
    }

    [Theory]
    [InlineData(4, "active")]
    [InlineData(1, "in progress")]
    public async Task Deleting_the_active_or_a_running_deployment_returns_409(int status, string reason)
    {
        string id = await ReportAsync(status);

        Reply reply = await _server.DeleteAsync($"{Deployments}/{id}");

        Assert.Equal(409, reply.Code);
        Assert.Contains(reason, reply["Message"], StringComparison.Ordinal);
        Assert.Equal(200, (await _server.GetAsync($"{Deployments}/{id}")).Code);
    }

    [Fact]
    public async Task Deleting_the_active_deployment_returns_409_even_if_its_newest_run_failed()
    {
        string id = Some.DeploymentId();
        await _server.PutAsync($"{Deployments}/{id}", Some.Report(4, "one"));
        await _server.PutAsync($"{Deployments}/{id}", Some.Report(3, "two"));

        Assert.Equal(409, (await _server.DeleteAsync($"{Deployments}/{id}")).Code);
    }

    [Fact]
    public async Task Deployments_survive_a_restart_of_the_server()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.PublicUrl = "http://nyala.example.com");
        JsonObject report = Some.Report();
        report["branch"] = "main";
        Reply before = await server.PutAsync("/api/deployments/one", report);

        await server.RestartAsync();

        Assert.Equal(before.Text, (await server.GetAsync("/api/deployments/one")).Text);
    }

    private async Task<string> ReportAsync(int status = 4)
    {
        string id = Some.DeploymentId();
        Assert.Equal(200, (await _server.PutAsync($"{Deployments}/{id}", Some.Report(status))).Code);
        return id;
    }

    private static string[] Ids(Reply reply) => [.. reply.Json.EnumerateArray().Select(deployment => deployment.GetProperty("id").GetString()!)];
}
