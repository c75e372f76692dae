using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Client;
using Nyala.Server.Sites;
using Nyala.Tests.Support;

namespace Nyala.Tests.Sites;

/// <summary><c>/api/settings</c>, as Kudu's clients use it.</summary>
public sealed class SettingTests : IAsyncLifetime
{
    private readonly TestServer _server;
    private readonly string _site = Some.Site();
    private readonly string _settings;

    public SettingTests(SharedServer shared) => (_server, _settings) = (shared.Server, $"/sites/{_site}/api/settings");

    public async ValueTask InitializeAsync() => await _server.PostAsync("/api/sites", new JsonObject { ["name"] = _site });

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Settings_are_set_listed_read_and_removed()
    {
        Reply set = await SetAsync("""{"B":"2","a":"ä\n\"","N":-1.50,"T":true,"F":false,"E":""}""");

        Assert.Equal((204, ""), (set.Code, set.Text));
        Assert.Equal("""{"a":"ä\n\"","B":"2","deployment_branch":"main","E":"","F":"false","N":"-1.50","SCM_BRANCH":"main","T":"true"}""", (await _server.GetAsync(_settings)).Text);
        Assert.Equal((200, "\"ä\\n\\\"\"", "application/json"), await ReadAsync("A"));
        Assert.Equal((204, ""), await DeleteAsync("A"));
        Assert.Equal((204, ""), await DeleteAsync("A"));
        Assert.Equal(404, (await _server.GetAsync($"{_settings}/a")).Code);
    }

    [Fact]
    public async Task A_body_of_only_key_and_value_sets_one_setting()
    {
        Assert.Equal(204, (await SetAsync("""{"key":"One","value":"1"}""")).Code);
        Assert.Equal(204, (await SetAsync("""{"key":"k","value":"v","more":"m"}""")).Code);

        JsonElement all = (await _server.GetAsync(_settings)).Json;
        Assert.Equal(("1", "k", "v", "m"), (all.GetProperty("One").GetString(), all.GetProperty("key").GetString(), all.GetProperty("value").GetString(), all.GetProperty("more").GetString()));
    }

    [Fact]
    public async Task A_setting_keeps_its_newest_spelling_and_value()
    {
        await SetAsync("""{"Some.Key":"1"}""");
        await SetAsync("""{"SOME.KEY":"2"}""");

        string text = (await _server.GetAsync(_settings)).Text;

        Assert.Contains("\"SOME.KEY\":\"2\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Some.Key", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SCM_BRANCH")]
    [InlineData("deployment_branch")]
    [InlineData("DEPLOYMENT_BRANCH")]
    public async Task Kudus_branch_settings_read_and_change_the_sites_branch(string name)
    {
        Assert.Equal(204, (await SetAsync($$"""{"{{name}}":"live"}""")).Code);
        Assert.Equal("live", (await SiteAsync())["branch"]);
        Assert.Equal((200, "\"live\"", "application/json"), await ReadAsync("scm_branch"));
        Assert.Equal((200, "\"live\"", "application/json"), await ReadAsync("deployment_branch"));

        Assert.Equal((204, ""), await DeleteAsync(name));
        Assert.Equal("main", (await SiteAsync())["branch"]);
    }

    [Fact]
    public async Task Kudus_setting_COMMAND_reads_and_changes_the_sites_command()
    {
        Assert.Equal(404, (await _server.GetAsync($"{_settings}/COMMAND")).Code);
        await SetAsync("""{"key":"COMMAND","value":"./deploy.sh"}""");
        Assert.Equal("./deploy.sh", (await SiteAsync())["command"]);
        Assert.Equal((200, "\"./deploy.sh\"", "application/json"), await ReadAsync("command"));

        await SetAsync("""{"command":""}""");
        Assert.Equal("", (await SiteAsync())["command"]);
        await _server.SendAsync(HttpMethod.Patch, $"/api/sites/{_site}", """{"command":"x"}""");
        await DeleteAsync("Command");
        Assert.Equal("", (await SiteAsync())["command"]);
    }

    [Fact]
    public async Task One_invalid_setting_returns_400_and_no_setting_is_stored()
    {
        Reply refused = await SetAsync("""{"A":"1","SCM_BRANCH":"live","NYALA_X":"2"}""");

        Assert.Equal((400, "main"), (refused.Code, (await SiteAsync())["branch"]));
        Assert.Equal(404, (await _server.GetAsync($"{_settings}/A")).Code);
    }

    [Fact]
    public async Task Settings_at_the_root_belong_to_the_default_site()
    {
        await _server.PostAsync("/api/settings", new JsonObject { ["ROOT_KEY"] = "1" });

        Assert.Equal("\"1\"", (await _server.GetAsync("/settings/ROOT_KEY")).Text);
        Assert.Equal("\"1\"", (await _server.GetAsync("/sites/default/api/settings/root_key")).Text);
        Assert.Equal(404, (await _server.GetAsync($"/sites/{_site}/settings/ROOT_KEY")).Code);
    }

    [Fact]
    public async Task A_value_above_64_KiB_and_a_501st_setting_each_return_400()
    {
        Assert.Equal(204, (await SetAsync(new JsonObject { ["A0"] = new string('x', 65_536) }.ToJsonString())).Code);
        Assert.Equal(400, (await SetAsync(new JsonObject { ["A0"] = new string('ä', 32_768) + 'x' }.ToJsonString())).Code);

        Assert.Equal(204, (await SetAsync(Many(0, 500))).Code);
        Assert.Equal(204, (await SetAsync(Many(0, 500).Replace("\"A", "\"a", StringComparison.Ordinal))).Code);
        Reply refused = await SetAsync(Many(500, 1));
        Assert.Equal((400, "The site would have more than 500 settings. Remove some first."), (refused.Code, refused.Reason));
        await DeleteAsync("A0");
        Assert.Equal(204, (await SetAsync(Many(500, 1))).Code);

        static string Many(int from, int count) => "{" + string.Join(',', Enumerable.Range(from, count).Select(i => $"\"A{i}\":\"1\"")) + "}";
    }

    [Fact]
    public async Task Settings_become_environment_variables_except_for_Kudus_own_names()
    {
        await SetAsync("""{"Api:Key":"1","B":"2","COMMAND":"x","SCM_BRANCH":"live"}""");

        IReadOnlyDictionary<string, string> variables = await _server.Server.Services.GetRequiredService<SiteSettings>().ReadAsync(_site.ToUpperInvariant(), Cancellation);

        Assert.Equal([new("Api__Key", "1"), new("B", "2")], variables.OrderBy(variable => variable.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Two_settings_that_become_the_same_variable_return_400_and_store_nothing()
    {
        await SetAsync("""{"A:B":"1"}""");

        Reply refused = await SetAsync("""{"C":"1","A__B":"2"}""");

        Assert.Equal(
            (400, "'A__B' cannot be set: in the environment it becomes A__B, like the setting 'A:B'. Remove that setting first, or send only one of the two."), (refused.Code, refused.Reason));
        Assert.Equal(404, (await ReadAsync("C")).Code);
        Assert.Equal(400, (await SetAsync("""{"NYALA:Admin-Token":"x"}""")).Code);
        Assert.Equal(204, (await SetAsync("""{"a:b":"2"}""")).Code);
        Assert.Equal("\"2\"", (await ReadAsync("A:B")).Text);
    }

    [Fact]
    public async Task The_client_sets_reads_and_removes_settings()
    {
        using var root = new NyalaClient(_server.Address, TestServer.Token);
        NyalaClient client = root.ForSite(_site);

        await client.SetSettingsAsync(new Dictionary<string, string> { ["key"] = "k", ["value"] = "v" }, Cancellation);
        await client.SetSettingsAsync(new Dictionary<string, string> { ["A:B"] = "ä" }, Cancellation);
        Assert.Equal(("k", "v", "ä"), (await client.GetSettingAsync("key", Cancellation), await client.GetSettingAsync("value", Cancellation), await client.GetSettingAsync("a:b", Cancellation)));
        await client.RemoveSettingAsync("A:B", Cancellation);

        Assert.Equal(["deployment_branch", "key", "SCM_BRANCH", "value"], (await client.GetSettingsAsync(Cancellation)).Keys);
    }

    [Fact]
    public async Task Setting_values_are_not_stored_in_plain_text()
    {
        await SetAsync("""{"A":"setting-in-the-clear-4717"}""");

        foreach (string file in Directory.EnumerateFiles(_server.DataFolder, "nyala.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            Assert.DoesNotContain("setting-in-the-clear-4717", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<Reply> SetAsync(string body) => _server.SendAsync(HttpMethod.Post, _settings, body);

    private Task<Reply> SiteAsync() => _server.GetAsync($"/api/sites/{_site}");

    private async Task<(int Code, string Text, string? Type)> ReadAsync(string name)
    {
        Reply reply = await _server.GetAsync($"{_settings}/{name}");
        return (reply.Code, reply.Text, reply.ContentType?.Split(';')[0]);
    }

    private async Task<(int Code, string Text)> DeleteAsync(string name)
    {
        Reply reply = await _server.DeleteAsync($"{_settings}/{name}");
        return (reply.Code, reply.Text);
    }
}
