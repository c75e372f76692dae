using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Client;
using Nyala.Server.Sites;
using Nyala.Tests.Support;

namespace Nyala.Tests.Sites;

/// <summary><c>/api/sites</c>.</summary>
public sealed class SiteTests(SharedServer shared)
{
    private const string Everything = """{"branch":"release/2","command":"./deploy.sh","keep":3,"host":"shop.example.com:8443"}""";

    private readonly TestServer _server = shared.Server;
    private readonly string _name = Some.Site();

    [Fact]
    public async Task Creating_a_site_returns_201_with_its_fields_and_its_Location()
    {
        JsonObject site = JsonNode.Parse(Everything)!.AsObject();
        site["name"] = _name;

        Reply created = await _server.PostAsync("/api/sites", site);

        Assert.Equal((201, $"{_server.Address}api/sites/{_name}"), (created.Code, created.Headers["Location"]));
        AssertEverything(created);
        Assert.Equal(created.Text, (await _server.GetAsync($"/api/sites/{_name.ToUpperInvariant()}")).Text);
        Assert.Contains(created.Text, (await _server.GetAsync("/api/sites")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Creating_an_existing_site_returns_409_and_changes_nothing()
    {
        await CreateAsync();

        Reply again = await _server.PostAsync("/api/sites", new JsonObject { ["name"] = _name.ToUpperInvariant(), ["branch"] = "other" });

        Assert.Equal((409, "main"), (again.Code, (await ReadAsync())["branch"]));
    }

    [Fact]
    public async Task A_site_that_was_named_only_by_a_hook_exists_and_can_still_be_created_once()
    {
        await _server.PostAsync($"/sites/{_name}/api/hooks", Some.Hook());
        Reply named = await ReadAsync();

        Reply created = await _server.PostAsync("/api/sites", new JsonObject { ["name"] = _name, ["branch"] = "live" });

        Assert.Equal((200, "main"), (named.Code, named["branch"]));
        Assert.Equal((201, "live", named["created"]), (created.Code, created["branch"], created["created"]));
        Assert.Equal(409, (await _server.PostAsync("/api/sites", new JsonObject { ["name"] = _name })).Code);
    }

    [Fact]
    public async Task A_change_keeps_the_fields_that_are_absent_and_resets_those_that_are_null()
    {
        await CreateAsync();

        AssertEverything(await ChangeAsync(Everything));
        AssertEverything(await ChangeAsync("{}"));
        Reply bare = await ChangeAsync("""{"branch":null,"command":null,"keep":null,"host":null}""");

        Assert.Equal(("main", "", "5", ""), (bare["branch"], bare["command"], bare["keep"], bare["host"]));
        Assert.Equal(bare.Text, (await ReadAsync()).Text);
    }

    [Fact]
    public async Task A_site_shows_its_current_deployment()
    {
        await CreateAsync();
        Assert.Equal("", (await ReadAsync())["current"]);
        string id = Some.DeploymentId();

        await _server.PutAsync($"/sites/{_name}/api/deployments/{id}", Some.Report());

        Assert.Equal(id, (await ReadAsync())["current"]);
    }

    [Fact]
    public async Task A_changed_host_is_in_the_next_event_of_the_site()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, path: $"/sites/{_name}/api/hooks");

        Assert.Equal($"{_name}.example.com", await HostAsync());
        await ChangeAsync("""{"host":"shop.example.org:8443"}""");
        Assert.Equal("shop.example.org:8443", await HostAsync());
        await ChangeAsync("""{"host":null}""");
        Assert.Equal($"{_name}.example.com", await HostAsync());

        async Task<string> HostAsync()
        {
            await _server.PutAsync($"/sites/{_name}/api/deployments/{Some.DeploymentId()}", Some.Report());
            return JsonElement.Parse((await receiver.NextAsync()).Text).GetProperty("hostName").GetString()!;
        }
    }

    [Fact]
    public async Task Removing_a_site_removes_its_settings_and_its_folder()
    {
        await CreateAsync();
        string id = Some.DeploymentId();
        await _server.PutAsync($"/sites/{_name}/api/deployments/{id}", Some.Report());
        await _server.PostAsync($"/sites/{_name}/api/settings", new JsonObject { ["KEY"] = "1" });
        string folder = Path.Combine(_server.DataFolder, "sites", _name);
        Directory.CreateDirectory(Path.Combine(folder, "releases", "1"));

        Reply removed = await _server.DeleteAsync($"/api/sites/{_name.ToUpperInvariant()}");

        Assert.Equal((204, ""), (removed.Code, removed.Text));
        Assert.False(Directory.Exists(folder));
        Assert.Equal(404, (await ReadAsync()).Code);
        Assert.Equal(404, (await _server.DeleteAsync($"/api/sites/{_name}")).Code);
        Assert.Equal("False", (await _server.GetAsync($"/sites/{_name}/api/deployments/{id}"))["active"]);
        await CreateAsync();
        Assert.DoesNotContain("KEY", (await _server.GetAsync($"/sites/{_name}/api/settings")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removing_a_site_revokes_its_tokens_even_if_the_site_is_created_again()
    {
        string other = Some.Site();
        await CreateAsync();
        Reply created = await TokenAsync(_name.ToUpperInvariant());
        Reply kept = await TokenAsync(other);
        Assert.Equal(200, await AsAsync(created["token"], _name));

        Assert.Equal(204, (await _server.DeleteAsync($"/api/sites/{_name}")).Code);

        Assert.Equal(401, await AsAsync(created["token"], _name));
        await CreateAsync();
        Assert.Equal(401, await AsAsync(created["token"], _name));
        Assert.DoesNotContain(created["id"], (await _server.GetAsync("/api/tokens")).Text, StringComparison.Ordinal);
        Assert.Equal(200, await AsAsync(kept["token"], other));
        JsonElement noted = (await _server.GetAsync($"/api/audit?target={created["id"]}")).Json[0];
        Assert.Equal(
            ("token.revoked", """{"name":"ci","because":"its site was removed"}"""), (noted.GetProperty("action").GetString(), noted.GetProperty("details").GetRawText()));
        Assert.Contains("\"tokens_revoked\":\"1\"", (await _server.GetAsync($"/api/audit?target={_name}&action=site.removed")).Text, StringComparison.Ordinal);

        Task<Reply> TokenAsync(string site) => _server.PostAsync("/api/tokens", new JsonObject { ["name"] = "ci", ["scopes"] = new JsonArray("deploy"), ["site"] = site });

        async Task<int> AsAsync(string token, string site)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/sites/{site}/api/deployments");
            request.Headers.Authorization = new("Bearer", token);
            return (await Reply.ReadAsync(await _server.Anonymous.SendAsync(request, Cancellation))).Code;
        }
    }

    [Fact]
    public async Task A_token_of_a_removed_site_is_not_listed_after_a_restart()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.PostAsync("/api/sites", new JsonObject { ["name"] = "shop" });
        await server.PostAsync("/api/tokens", new JsonObject { ["name"] = "ci", ["scopes"] = new JsonArray("read"), ["site"] = "shop" });
        await server.DeleteAsync("/api/sites/shop");

        await server.RestartAsync();

        Assert.Equal("[]", (await server.GetAsync("/api/tokens")).Text);
    }

    [Fact]
    public async Task A_recreated_site_does_not_reuse_idempotency_keys_or_releases_of_the_removed_site()
    {
        await CreateAsync();
        Reply first = await PublishAsync();
        await _server.SendAsync(HttpMethod.Post, $"/sites/{_name}/api/zipdeploy", Zips.Of([("index.html", "old")]));
        await _server.DeleteAsync($"/api/sites/{_name}");
        await CreateAsync();
        Reply second = await PublishAsync();
        await _server.SendAsync(HttpMethod.Post, $"/sites/{_name}/api/zipdeploy", Zips.Of([("index.html", "new")]));

        Reply rollback = await _server.SendAsync(HttpMethod.Post, $"/sites/{_name}/api/deployments/rollback");

        Assert.NotEqual(first.Headers["Nyala-Event-Id"], second.Headers["Nyala-Event-Id"]);
        Assert.Equal(409, rollback.Code);
        Assert.Contains("no deployment to roll back to", rollback.Reason, StringComparison.Ordinal);

        Task<Reply> PublishAsync() => _server.SendAsync(HttpMethod.Post, $"/sites/{_name}/api/hooks/publish/Custom", "{}", ("Idempotency-Key", "k1"));
    }

    [Fact]
    public async Task Removing_a_site_removes_its_folder_even_if_only_the_folder_exists()
    {
        string folder = Path.Combine(_server.DataFolder, "sites", _name);
        Directory.CreateDirectory(folder);

        Assert.Equal(204, (await _server.DeleteAsync($"/api/sites/{_name}")).Code);

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Removing_a_site_that_is_in_use_or_the_default_site_returns_409()
    {
        await CreateAsync();
        string folder = Path.Combine(_server.DataFolder, "sites", _name);
        Directory.CreateDirectory(folder);
        string hook = (await _server.PostAsync($"/sites/{_name}/api/hooks", Some.Hook()))["id"];
        await RefusesAsync(_name, $"1 hook is subscribed at this site. To list the hooks to remove first, run `nyala hooks list --all --site {_name}`.");
        await _server.DeleteAsync($"/api/hooks/{hook}");

        string deployment = Some.DeploymentId();
        await _server.PutAsync($"/sites/{_name}/api/deployments/{deployment}", Some.Report(status: 1));
        await RefusesAsync(_name, $"A deployment is in progress at this site: {deployment}. Wait until it ends.");
        await _server.PutAsync($"/sites/{_name}/api/deployments/{deployment}", Some.Report(status: 3));

        await RefusesAsync("default", "It is the server's default site (Sites:Default), which is used for everything that does not name a site.");
        Assert.True(Directory.Exists(folder));
        Assert.Equal(204, (await _server.DeleteAsync($"/api/sites/{_name}")).Code);
    }

    [Fact]
    public async Task Removing_a_site_returns_409_while_a_deployment_is_performed_there()
    {
        var files = new BusyFiles();
        await using TestServer server = await TestServer.StartAsync(replace: services => services.AddSingleton<ISiteFiles>(files));
        await server.PostAsync("/api/sites", new JsonObject { ["name"] = "shop" });

        Reply refused = await server.DeleteAsync("/api/sites/shop");

        Assert.Equal((409, "A deployment is in progress at this site: d1. Wait until it ends."), (refused.Code, refused.Reason));
        Assert.Equal((200, 0), ((await server.GetAsync("/api/sites/shop")).Code, files.Removed));
    }

    [Fact]
    public async Task The_default_site_exists_from_the_start_and_survives_a_restart()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Sites.Default = "Main");
        Reply first = await server.GetAsync("/api/sites");
        await server.SendAsync(HttpMethod.Patch, "/api/sites/main", """{"keep":9}""");
        await server.RestartAsync();

        Assert.Equal("Main", Assert.Single(first.Json.EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("9", (await server.GetAsync("/api/sites/main"))["keep"]);
    }

    [Fact]
    public async Task A_token_for_one_site_cannot_read_or_list_another_site()
    {
        string other = Some.Site();
        await CreateAsync();
        await _server.PostAsync("/api/sites", new JsonObject { ["name"] = other });
        string token = (await _server.PostAsync("/api/tokens", new JsonObject { ["name"] = "ci", ["scopes"] = new JsonArray("deploy"), ["site"] = _name }))["token"];
        using var client = new NyalaClient(_server.Address, token);

        Assert.Equal(_name, (await client.GetSiteAsync(_name, Cancellation)).Name);
        Assert.Equal(_name, Assert.Single(await client.ListSitesAsync(Cancellation)).Name);
        await client.ForSite(_name).SetSettingsAsync(new Dictionary<string, string> { ["A"] = "1" }, Cancellation);
        NyalaException refusal = await Assert.ThrowsAsync<NyalaException>(() => client.GetSiteAsync(other, Cancellation));
        Assert.Equal($"The token 'ci' is limited to the site '{_name}': use /api/sites/{_name}.", refusal.Message);
        await Assert.ThrowsAsync<NyalaException>(() => client.ForSite(other).GetSettingsAsync(Cancellation));
        await Assert.ThrowsAsync<NyalaException>(() => client.GetSettingsAsync(Cancellation));
    }

    [Fact]
    public async Task The_audit_log_records_the_changes_of_a_site_without_the_values()
    {
        await CreateAsync();
        await ChangeAsync("""{"command":"./deploy.sh --password hidden","keep":3}""");
        await ChangeAsync("""{"keep":3}""");
        await _server.PostAsync($"/sites/{_name}/api/settings", new JsonObject { ["A"] = "hidden", ["SCM_BRANCH"] = "hidden" });
        await _server.DeleteAsync($"/sites/{_name}/api/settings/A");
        await _server.DeleteAsync($"/sites/{_name}/api/settings/A");
        await _server.DeleteAsync($"/api/sites/{_name}");

        Reply audit = await _server.GetAsync($"/api/audit?target={_name}");

        Assert.Equal(
            ["site.removed {}", """site.settings_changed {"removed":"A"}""", """site.settings_changed {"set":"A SCM_BRANCH"}""", """site.changed {"fields":"command keep"}""", "site.created {}"],
            audit.Json.EnumerateArray().Select(entry => $"{entry.GetProperty("action")} {entry.GetProperty("details").GetRawText()}"));
        Assert.All(audit.Json.EnumerateArray(), entry => Assert.Equal(_name, entry.GetProperty("site").GetString()));
        Assert.DoesNotContain("hidden", audit.Text, StringComparison.Ordinal);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task CreateAsync() => Assert.Equal(201, (await _server.PostAsync("/api/sites", new JsonObject { ["name"] = _name })).Code);

    private Task<Reply> ReadAsync() => _server.GetAsync($"/api/sites/{_name}");

    private async Task<Reply> ChangeAsync(string body)
    {
        Reply reply = await _server.SendAsync(HttpMethod.Patch, $"/api/sites/{_name}", body);
        Assert.True(reply.Code == 200, reply.Text);
        return reply;
    }

    private async Task RefusesAsync(string name, string reason)
    {
        Reply refused = await _server.DeleteAsync($"/api/sites/{name}");
        Assert.Equal((409, reason), (refused.Code, refused.Reason));
    }

    private static void AssertEverything(Reply site) => Assert.Equal(
        ("release/2", "./deploy.sh", "3", "shop.example.com:8443"), (site["branch"], site["command"], site["keep"], site["host"]));

    private sealed class BusyFiles : ISiteFiles
    {
        public int Removed { get; private set; }

        public Task<IDisposable?> HoldAsync(string site) => Task.FromResult<IDisposable?>(null);

        public string? DeploymentInProgress(string site) => "d1";

        public Task<bool> RemoveAsync(string site)
        {
            Removed++;
            return Task.FromResult(true);
        }
    }
}
