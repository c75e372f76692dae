using System.Text;
using System.Text.Json;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary><c>nyala sites</c>, against a real server.</summary>
public sealed class SiteVerbTests : IDisposable
{
    private readonly TestServer _server;
    private readonly CliHarness _cli = new();
    private readonly TempFolder _folder = new();
    private readonly string _site = Some.Site();

    public SiteVerbTests(SharedServer shared)
    {
        _server = shared.Server;
        _cli["NYALA_SERVER"] = _server.Address.AbsoluteUri;
        _cli["NYALA_TOKEN"] = TestServer.Token;
    }

    public void Dispose()
    {
        _cli.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Creating_a_site_prints_how_to_push_to_it()
    {
        (int exitCode, string output, string error) = await _cli.RunAsync("sites", "create", _site, "--branch", "live", "--command", "./deploy.sh", "--keep", "3", "--host", "shop.example.com");

        Assert.Equal(0, exitCode);
        Assert.Matches($"site +{_site}\nbranch +live\ncommand +./deploy.sh\nkeep +3 releases\nhost +shop.example.com\ncurrent +\\(nothing", output);
        Assert.EndsWith($"\n  git remote add {_site} {_server.Address}{_site}.git\n  git push {_site} HEAD:live\n", error, StringComparison.Ordinal);
        Assert.Equal(output, (await _cli.RunAsync("sites", "show", _site)).Out);
        Assert.Matches($"(?m)^{_site} +live ", (await _cli.RunAsync("sites", "list")).Out);
        Assert.Equal(
            (1, "", $"nyala: The site '{_site}' was created before. To change it, use `nyala sites set {_site}`.\n"), await _cli.RunAsync("sites", "create", _site));
    }

    [Fact]
    public async Task Setting_a_setting_that_has_no_effect_prints_a_notice()
    {
        await _cli.RunAsync("sites", "create", _site);

        (int exitCode, _, string error) = await _cli.RunAsync("sites", "settings", "set", _site, "scm_build_args=-x", "SCM_NO_REPOSITORY=0", "OWN=1");

        Assert.Equal(
            (0, "nyala: set scm_build_args, SCM_NO_REPOSITORY, OWN.\nnyala: The setting SCM_BUILD_ARGS does nothing here: the server builds nothing by itself. The deploy command gets it as an environment variable.\n"),
            (exitCode, error));
    }

    [Fact]
    public async Task Sites_set_keeps_fields_that_are_not_given_and_clears_fields_on_request()
    {
        await JsonAsync("sites", "create", _site, "--command", "./deploy.sh", "--host", "shop.example.com");

        JsonElement changed = await JsonAsync("sites", "set", _site, "--keep", "9", "--branch", "live");
        Assert.Equal(
            ("live", "./deploy.sh", 9, "shop.example.com"),
            (Text(changed, "branch"), Text(changed, "command"), changed.GetProperty("keep").GetInt32(), Text(changed, "host")));

        JsonElement bare = await JsonAsync("sites", "set", _site, "--no-command", "--no-host");
        Assert.Equal(("live", null, null), (Text(bare, "branch"), Text(bare, "command"), Text(bare, "host")));
        Assert.Equal(bare.GetRawText(), (await JsonAsync("sites", "show", _site)).GetRawText());
        Assert.Contains(bare.GetRawText(), (await JsonAsync("sites", "list")).EnumerateArray().Select(site => site.GetRawText().Replace("\n  ", "\n", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("hooks", "list")]
    [InlineData("deployments", "list", "--json")]
    [InlineData("deliveries", "list")]
    [InlineData("events", "list")]
    public async Task Listing_for_an_unknown_site_exits_with_1(params string[] verb)
    {
        string error = $"nyala: site '{_site}' does not exist at {_server.Address.AbsoluteUri.TrimEnd('/')}. To see all sites, run \"nyala sites list\".\n";
        Assert.Equal((1, "", error), await _cli.RunAsync([.. verb, "--site", _site]));

        await _cli.RunAsync("sites", "create", _site);

        Assert.Equal(0, (await _cli.RunAsync([.. verb, "--site", _site])).ExitCode);
    }

    [Theory]
    [InlineData("deployments", "show", "d1")]
    [InlineData("deployments", "log", "latest")]
    [InlineData("deployments", "redeploy")]
    [InlineData("deployments", "rollback")]
    [InlineData("deployments", "remove", "d1")]
    [InlineData("hooks", "show", "12")]
    [InlineData("hooks", "ping", "12")]
    [InlineData("hooks", "remove", "12")]
    [InlineData("deliveries", "show", "12")]
    [InlineData("deliveries", "redeliver", "12")]
    [InlineData("events", "show", "12")]
    [InlineData("deployments", "cancel")]
    [InlineData("hooks", "show", "latest")]
    [InlineData("deliveries", "redeliver", "latest")]
    [InlineData("events", "show", "latest")]
    public async Task Commands_for_an_unknown_site_exit_with_1_and_name_the_site(params string[] verb) => Assert.Equal(
        (1, "", $"nyala: site '{_site}' does not exist at {_server.Address.AbsoluteUri.TrimEnd('/')}. To see all sites, run \"nyala sites list\".\n"),
        await _cli.RunAsync([.. verb, "--site", _site]));

    [Fact]
    public async Task Unsetting_a_setting_of_an_unknown_site_exits_with_1_and_names_the_site() => Assert.Equal(
        (1, "", $"nyala: The site '{_site}' does not exist. To create it, run `nyala sites create {_site}`.\n"),
        await _cli.RunAsync("sites", "settings", "unset", _site, "A"));

    [Fact]
    public async Task A_site_can_be_named_by_part_of_its_name()
    {
        string site = $"{_site}-shopping";
        await JsonAsync("sites", "create", site);

        foreach (string which in (string[])[site, site[..^2], $"{site[^8..]}".ToUpperInvariant()])
        {
            Assert.Equal(site, Text(await JsonAsync("sites", "show", which), "name"));
        }

        Assert.Equal(0, (await _cli.RunAsync("sites", "settings", "set", site[..^2], "A=1")).ExitCode);
        Assert.Equal("1", (await JsonAsync("sites", "settings", "get", site, "A")).GetString());
        await JsonAsync("sites", "create", site + "-too");
        Assert.Equal((1, "", $"nyala: '{site[..^2]}' matches more than one site: {site}-too; {site}. Use the full ID.\n"), await _cli.RunAsync("sites", "show", site[..^2]));
        Assert.Equal(1, (await _cli.RunAsync("sites", "remove", site[..^2], "--yes")).ExitCode);
        Assert.Equal((0, "", $"nyala: removed {site}-too.\n"), await _cli.RunAsync("sites", "remove", "shopping-too", "--yes"));
    }

    [Fact]
    public async Task A_site_is_removed_only_with_the_option_yes()
    {
        await JsonAsync("sites", "create", _site);

        Assert.Equal((2, "", $"nyala: this permanently removes the repository, releases and settings of '{_site}'. Add --yes to confirm.\n"), await _cli.RunAsync("sites", "remove", _site));
        Assert.Equal(0, (await _cli.RunAsync("sites", "show", _site)).ExitCode);
        Assert.Equal((0, "", $"nyala: removed {_site}.\n"), await _cli.RunAsync("sites", "remove", _site, "--yes"));
        Assert.Equal((1, "", $"nyala: The site '{_site}' does not exist. To create it, run `nyala sites create {_site}`.\n"), await _cli.RunAsync("sites", "show", _site));
    }

    [Fact]
    public async Task Settings_can_be_set_listed_printed_and_unset()
    {
        await JsonAsync("sites", "create", _site);
        await File.WriteAllTextAsync(_folder.In("env"), "# secrets\n\nFROM_FILE=a=b \r\nB=1\n", TestContext.Current.CancellationToken);

        Assert.Equal((0, "", "nyala: set FROM_FILE, B, A:C.\n"), await _cli.RunAsync("sites", "settings", "set", _site, "B=2", "A:C=", "--file", _folder.In("env")));
        _cli.Input = Encoding.UTF8.GetBytes("key=k\nvalue=v");
        Assert.Equal((0, "", "nyala: set key, value.\n"), await _cli.RunAsync("sites", "settings", "set", _site, "--file", "-"));

        Assert.Equal(
            """{"A:C":"","B":"2","deployment_branch":"main","FROM_FILE":"a=b ","key":"k","SCM_BRANCH":"main","value":"v"}""",
            JsonSerializer.Serialize(await JsonAsync("sites", "settings", "list", _site)));
        Assert.Matches("NAME +VALUE\nA:C\nB +2\n", (await _cli.RunAsync("sites", "settings", "list", _site)).Out);
        Assert.Equal((0, "a=b \n", ""), await _cli.RunAsync("sites", "settings", "get", _site, "from_file"));
        Assert.Equal("a=b ", (await JsonAsync("sites", "settings", "get", _site, "from_file")).GetString());

        Assert.Equal(
            (1, "", $"nyala: unset b, A:C.\nnyala: these settings do not exist: never. To see all settings, run \"nyala sites settings list {_site}\".\n"),
            await _cli.RunAsync("sites", "settings", "unset", _site, "b", "A:C", "never"));
        Assert.Equal((0, "", "nyala: unset from_file.\n"), await _cli.RunAsync("sites", "settings", "unset", _site, "from_file"));
        Assert.Equal(1, (await _cli.RunAsync("sites", "settings", "get", _site, "B")).ExitCode);
    }

    [Theory]
    [InlineData("sites create ..")]
    [InlineData("sites create shop --keep 0")]
    [InlineData("sites create shop --keep many")]
    [InlineData("sites show a/b")]
    [InlineData("sites set shop")]
    [InlineData("sites set shop --command x --no-command")]
    [InlineData("sites set shop --host x --no-host")]
    [InlineData("sites remove .. --yes")]
    [InlineData("sites settings set shop")]
    [InlineData("sites settings set shop A")]
    [InlineData("sites settings set shop =x")]
    [InlineData("sites settings set shop --file -")]
    [InlineData("sites settings get shop ..")]
    [InlineData("sites settings unset shop A=x")]
    [InlineData("sites settings unset shop")]
    public async Task Wrong_usage_exits_with_2_and_prints_one_line(string line)
    {
        (int exitCode, string output, string error) = await _cli.RunAsync(line.Split(' '));

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Matches("^nyala: [^\n]+\n$", error);
    }

    private static string? Text(JsonElement site, string field) => site.GetProperty(field).GetString();

    private async Task<JsonElement> JsonAsync(params string[] args)
    {
        (int exitCode, string output, string error) = await _cli.RunAsync([.. args, "--json"]);
        Assert.True(exitCode == 0, error);
        return JsonElement.Parse(output);
    }
}
