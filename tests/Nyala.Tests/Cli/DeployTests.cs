using System.IO.Compression;
using System.Text.Json;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary><c>nyala deploy</c> and <c>nyala deployments</c>, against a real server.</summary>
public sealed class DeployTests : IAsyncLifetime
{
    private readonly CliHarness _cli = new();
    private readonly TempFolder _folder = new();
    private TestServer? _server;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _cli["NYALA_SERVER"] = _server.Address.AbsoluteUri;
        _cli["NYALA_TOKEN"] = TestServer.Token;
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _cli.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_deployed_folder_can_be_rolled_back_redeployed_and_removed()
    {
        JsonElement first = await DeployAsync("one");
        JsonElement second = await DeployAsync("two");
        string id = first.GetProperty("id").GetString()!;
        Assert.Equal(("two", true), (Current(), second.GetProperty("active").GetBoolean()));

        (int exitCode, string output, string error) = await _cli.RunAsync("deployments", "rollback");
        Assert.True(exitCode == 0, error);
        Assert.Matches($@"^Unpacking (?s:.*)deployment {id} of default succeeded in [^\n]+\n$", output);
        Assert.Equal("one", Current());

        Assert.Equal(0, (await _cli.RunAsync("deployments", "redeploy", second.GetProperty("id").GetString()!)).ExitCode);
        Assert.Equal("two", Current());

        Assert.Equal(1, (await _cli.RunAsync("deployments", "remove", second.GetProperty("id").GetString()!)).ExitCode);
        Assert.Equal((0, "", $"nyala: removed {id}.\n"), await _cli.RunAsync("deployments", "remove", id));
    }

    [Theory]
    [InlineData]
    [InlineData("--follow")]
    [InlineData("--run", "1")]
    public async Task The_log_of_a_failed_report_ends_with_its_details(params string[] options)
    {
        string report = """{"status":3,"message":"m","deployer":"d","author":"a","run":"one","details":"no space left\non the disk"}""";
        Assert.Equal(200, (await _server!.SendAsync(HttpMethod.Put, "/api/deployments/d1", report)).Code);

        (int exitCode, string output, string error) = await _cli.RunAsync(["deployments", "log", "d1", .. options]);

        Assert.True(exitCode == 0, error);
        Assert.Equal(["error: Deployment failed.", "no space left", "on the disk"], output.TrimEnd('\n').Split('\n').Select(line => line.Split("  ")[1]));
    }

    [Fact]
    public async Task A_failed_deploy_command_exits_with_1_and_prints_its_output()
    {
        await File.WriteAllTextAsync(_folder.In(".deployment"), "[config]\ncommand = echo copying; echo; exit 3\n", TestContext.Current.CancellationToken);

        (int exitCode, string output, string error) = await _cli.RunAsync("deploy", _folder.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains("copying\n", output, StringComparison.Ordinal);
        Assert.Matches(@"nyala: deployment [0-9a-f]+ of default failed: [^\n]+\n$", error);
    }

    [Fact]
    public async Task A_deployment_can_be_named_by_a_prefix_of_its_id_or_as_latest()
    {
        string[] ids = ["12ab34", "12ab56", "7777aa", "7777"];
        foreach (string id in ids)
        {
            await _server!.PutAsync($"/api/deployments/{id}", Some.Report());
        }

        Assert.Equal("12ab56", await ShownAsync("12ab5"));
        Assert.Equal("7777", await ShownAsync("7777"));
        Assert.Equal("7777aa", await ShownAsync("7777A"));
        Assert.Equal("7777", await ShownAsync("latest"));
        Assert.Equal(0, (await _cli.RunAsync("deployments", "log", "latest")).ExitCode);
        Assert.Equal((1, "", "nyala: 2 deployments start with 12ab: 12ab56 of default, 12ab34 of default. Use more characters of the ID, or add --site.\n"), await _cli.RunAsync("deployments", "show", "12ab"));
        Assert.Equal((1, "", "nyala: Deployment '12a' not found.\n"), await _cli.RunAsync("deployments", "log", "12a"));
        Assert.Equal(1, (await _cli.RunAsync("deployments", "remove", "12ab")).ExitCode);
        Assert.Equal((0, "", "nyala: removed 12ab56.\n"), await _cli.RunAsync("deployments", "remove", "12ab5"));

        async Task<string> ShownAsync(string id)
        {
            (int exitCode, string output, string error) = await _cli.RunAsync("deployments", "show", id, "--json");
            Assert.True(exitCode == 0, error);
            return JsonDocument.Parse(output).RootElement.GetProperty("id").GetString()!;
        }
    }

    [Fact]
    public async Task The_latest_deployment_is_found_even_if_another_site_has_the_same_commit()
    {
        string id = Some.DeploymentId();
        await _server!.PutAsync($"/api/deployments/{id}", Some.Report());
        await _server!.PutAsync($"/sites/shop/api/deployments/{id}", Some.Report(status: 1));

        (_, string output, _) = await _cli.RunAsync("deployments", "show", "latest", "--json");
        Assert.Equal("shop", JsonDocument.Parse(output).RootElement.GetProperty("site_name").GetString());
        foreach (string[] which in (string[][])[["latest"], []])
        {
            (int exitCode, _, string error) = await _cli.RunAsync(["deployments", "cancel", .. which]);
            Assert.Equal(1, exitCode);
            Assert.Contains("runs elsewhere and is only reported here", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_deployment_whose_id_is_not_a_commit_can_be_named_by_a_prefix()
    {
        await _server!.PutAsync("/api/deployments/3f2a91c0-aaaa-4bbb-8ccc-0123456789ab", Some.Report());
        await _server!.PutAsync("/api/deployments/build-1701", Some.Report());

        foreach (string which in (string[])["3f2a91c0-aa", "build-17"])
        {
            (int exitCode, string output, string error) = await _cli.RunAsync("deployments", "show", which, "--json");
            Assert.True(exitCode == 0, error);
            Assert.StartsWith(which, JsonDocument.Parse(output).RootElement.GetProperty("id").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Cancel_ends_the_deployment_in_progress_unless_it_was_only_reported()
    {
        Assert.Equal((1, "", "nyala: no deployment is in progress, so there is nothing to cancel.\n"), await _cli.RunAsync("deployments", "cancel"));
        await File.WriteAllTextAsync(_folder.In(".deployment"), "[config]\ncommand = sleep 600\n", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await _cli.RunAsync("deploy", _folder.Path, "--no-wait")).ExitCode);
        string reported = Some.DeploymentId();
        await _server!.PutAsync($"/sites/other/api/deployments/{reported}", Some.Report(status: 1));

        (int exitCode, _, string error) = await _cli.RunAsync("deployments", "cancel");
        Assert.Equal(1, exitCode);
        Assert.Contains($"2 deployments are in progress. Specify one of {reported} of other, ", error, StringComparison.Ordinal);
        (exitCode, string output, error) = await _cli.RunAsync("deployments", "cancel", "--site", "default");
        Assert.True(exitCode == 0, error);
        Assert.Matches(@"^deployment [0-9a-f]+ of default failed: Canceled by admin\.\n$", output);
        (exitCode, _, error) = await _cli.RunAsync("deployments", "cancel", reported);
        Assert.Equal(1, exitCode);
        Assert.Contains("runs elsewhere and is only reported here", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploying_a_zip_with_a_path_outside_the_target_exits_with_1_and_names_the_entry()
    {
        using (ZipArchive zip = await ZipFile.OpenAsync(_folder.In("site.zip"), ZipArchiveMode.Create, TestContext.Current.CancellationToken))
        {
            zip.CreateEntry("../evil");
        }

        (int exitCode, string output, string error) = await _cli.RunAsync("deploy", _folder.In("site.zip"));

        Assert.Equal((1, ""), (exitCode, output));
        Assert.EndsWith("nyala: The entry \"../evil\" leads out of the target folder with \"..\".\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_for_an_unknown_site_names_the_command_that_creates_it() =>
        Assert.Contains("nyala sites create nowhere", await ErrorAsync("--site", "nowhere"), StringComparison.Ordinal);

    private async Task<string> ErrorAsync(params string[] more)
    {
        await File.WriteAllTextAsync(_folder.In("index.html"), "x", TestContext.Current.CancellationToken);
        (int exitCode, _, string error) = await _cli.RunAsync(["deploy", _folder.Path, .. more]);
        Assert.Equal(1, exitCode);
        return error;
    }

    private async Task<JsonElement> DeployAsync(string text)
    {
        await File.WriteAllTextAsync(_folder.In("index.html"), text, TestContext.Current.CancellationToken);
        (int exitCode, string output, string error) = await _cli.RunAsync("deploy", _folder.Path, "--json");
        Assert.True(exitCode == 0, error);
        return JsonElement.Parse(output);
    }

    private string Current() => File.ReadAllText(Path.Combine(_server!.DataFolder, "sites", "default", "current", "index.html"));
}
