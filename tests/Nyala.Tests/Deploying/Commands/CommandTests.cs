using System.Text.Json.Nodes;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Commands;

/// <summary>The deploy command: which one runs, its environment, and how it is ended.</summary>
public sealed class CommandTests(SharedServer shared)
{
    private const string Index = "index.html";

    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Without_a_command_the_files_are_the_release()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);

        Reply reply = await site.ZipAsync((Index, "one"), ("deep/down.txt", "two"));

        Assert.Equal((200, "4", "Succeeded"), (reply.Code, reply["status"], reply["provisioningState"]));
        Assert.Equal(("one", "two"), (site.Read(Index), site.Read("deep/down.txt")));
    }

    [Fact]
    public async Task The_command_in_dot_deployment_writes_the_release()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);

        Reply reply = await site.ZipAsync((Index, "one"), (".deployment", "[config]\ncommand = cp index.html \"$DEPLOYMENT_TARGET/copied.html\"\n"));

        Assert.Equal(200, reply.Code);
        Assert.Equal(["copied.html"], Directory.EnumerateFileSystemEntries(site.Current! + "/").Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_project_in_dot_deployment_is_the_folder_that_is_deployed()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);

        Reply reply = await site.ZipAsync(("src/web/index.html", "one"), ("secret.txt", "two"), (".deployment", "[config]\nproject = src/web\n"));

        Assert.Equal(200, reply.Code);
        Assert.Equal([Index], Directory.EnumerateFileSystemEntries(site.Current! + "/").Select(Path.GetFileName));
        Assert.Empty(Directory.EnumerateFileSystemEntries(site.Folder.Work));
    }

    /// <summary>The folders outside the source belong to this test. A server without the check would move them.</summary>
    [Theory]
    [InlineData("{outside}")]
    [InlineData("../../../../{name}")]
    [InlineData("../beside")]
    [InlineData("..")]
    [InlineData("nowhere")]
    [InlineData("web.csproj")]
    public async Task A_project_that_is_not_a_folder_of_the_source_fails_the_deployment(string project)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        string outside = Directory.CreateDirectory(Path.Combine(_server.DataFolder, "outside-" + site.Name)).FullName;
        Directory.CreateDirectory(Path.Combine(site.Folder.Work, "beside"));
        project = project.Replace("{outside}", outside, StringComparison.Ordinal).Replace("{name}", Path.GetFileName(outside), StringComparison.Ordinal);

        Reply reply = await site.ZipAsync(("web.csproj", "<Project/>"), (".deployment", $"[config]\nproject = {project}\n"));

        Assert.Equal((422, null, true), (reply.Code, site.Current, Directory.Exists(outside)));
        Assert.StartsWith($".deployment names the project '{project}', which is not a folder among the deployed files.", reply["status_text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dot_deployment_without_a_command_or_project_is_reported_in_the_log()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);

        Reply reply = await site.ZipAsync((".deployment", "command ./deploy.sh\n"));

        Assert.Contains(".deployment names neither a command nor a project under [config], so all files are deployed.", await site.LogAsync(reply["id"]));
    }

    [Fact]
    public async Task The_sites_command_takes_precedence_over_the_one_in_dot_deployment()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "echo site > $DEPLOYMENT_TARGET/which");

        await site.ZipAsync((".deployment", "[config]\ncommand = echo dot > $DEPLOYMENT_TARGET/which\n"));

        Assert.Equal("site\n", site.Read("which"));
    }

    [Fact]
    public async Task The_source_folder_is_released_if_the_command_leaves_the_target_empty()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "echo built > out.txt");

        await site.ZipAsync((Index, "one"));

        Assert.Equal(("one", "built\n"), (site.Read(Index), site.Read("out.txt")));
    }

    [Fact]
    public async Task The_command_runs_in_the_source_folder_and_gets_the_deployment_variables()
    {
        DeployingSite site = await DeployingSite.CreateAsync(
            _server, "echo \"$(pwd -P) $DEPLOYMENT_SOURCE $DEPLOYMENT_TARGET $DEPLOYMENT_ID $DEPLOYMENT_SITE [$DEPLOYMENT_BRANCH]\" > $DEPLOYMENT_TARGET/seen");

        Reply reply = await site.ZipAsync((Index, "one"));

        string source = $"{site.Folder.Work}/{reply["id"]}-1";
        Assert.Equal($"{source} {source} {site.Folder.Releases}/{reply["id"]}-1 {reply["id"]} {site.Name} []\n", site.Read("seen"));
    }

    [Fact]
    public async Task The_command_gets_no_NYALA_or_AWS_variable_of_the_server()
    {
        Environment.SetEnvironmentVariable("NYALA_ADMIN_TOKEN", "not-for-commands");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "neither");
        try
        {
            DeployingSite site = await DeployingSite.CreateAsync(_server, "env > $DEPLOYMENT_TARGET/env");

            await site.ZipAsync((Index, "one"));

            string environment = site.Read("env");
            Assert.Contains("DEPLOYMENT_ID=", environment, StringComparison.Ordinal);
            Assert.Contains("PATH=", environment, StringComparison.Ordinal);
            Assert.DoesNotContain("NYALA_", environment, StringComparison.Ordinal);
            Assert.DoesNotContain("AWS_", environment, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("NYALA_ADMIN_TOKEN", null);
            Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", null);
        }
    }

    [Fact]
    public async Task A_failing_command_fails_the_deployment_and_the_current_release_stays_live()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        await site.ZipAsync((Index, "one"));

        Reply reply = await site.ZipAsync((Index, "two"), (".deployment", "[config]\ncommand = echo no way >&2; exit 3\n"));

        Assert.Equal((422, "3", "The command failed with exit code 3.", "False"), (reply.Code, reply["status"], reply["status_text"], reply["active"]));
        Assert.Equal("one", site.Read(Index));
        Assert.Single(Directory.EnumerateDirectories(site.Folder.Releases));
        Assert.Empty(Directory.EnumerateFileSystemEntries(site.Folder.Work));
        Assert.Equal(["no way", "The command failed with exit code 3."], (await site.LogAsync(reply["id"])).TakeLast(2));
    }

    [Fact]
    public async Task The_output_of_the_command_is_logged_line_by_line()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "printf 'one\\ntwo\\rthree\\r\\n\\nfour'");

        Reply reply = await site.ZipAsync((Index, "one"));

        Assert.Equal(["one", "two", "three", "", "four", "Deployment successful."], (await site.LogAsync(reply["id"])).Skip(2));
    }

    [Fact]
    public async Task A_background_process_of_the_command_does_not_delay_the_deployment()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "sleep 600 & echo $! > $DEPLOYMENT_TARGET/pid");

        Reply reply = await site.ZipAsync((Index, "one"));

        using var left = System.Diagnostics.Process.GetProcessById(int.Parse(site.Read("pid"), null));
        Assert.Equal(200, reply.Code);
        Assert.False(left.HasExited);
        left.Kill();
    }

    [Fact]
    public async Task A_background_process_can_write_output_after_the_deployment_has_ended()
    {
        using var folder = new TempFolder();
        string pipe = folder.In("pipe");
        DeployingSite site = await DeployingSite.CreateAsync(
            _server, $"mkfifo {pipe}; (read -r go < {pipe}; for i in $(seq 1000); do printf '%01000d\\n' $i; done; echo said > {pipe}) & exit 0");

        await site.ZipAsync((Index, "one"));
        await Task.Run(() => File.WriteAllText(pipe, "go\n"), TestContext.Current.CancellationToken).InTimeAsync();

        Assert.Equal("said\n", await Task.Run(() => File.ReadAllText(pipe), TestContext.Current.CancellationToken).InTimeAsync());
    }

    [Fact]
    public async Task Settings_above_the_environments_size_limit_fail_the_deployment_with_the_reason()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "true");
        string value = new('x', 65_000);
        for (int i = 0; i < 4; i++)
        {
            var settings = new JsonObject(Enumerable.Range(0, 14).Select(number => KeyValuePair.Create<string, JsonNode?>($"LARGE_{i}_{number}", value)));
            Assert.Equal(204, (await _server.PostAsync($"{site.Api}/settings", settings)).Code);
        }

        Reply reply = await site.ZipAsync((Index, "one"));

        Assert.StartsWith("The command cannot be started: together with the site's settings, it is longer", reply["status_text"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sleep 600 & echo child $!; echo here; wait")]
    [InlineData("setsid sh -c 'echo child $$; echo here; exec sleep 600' & wait")]
    public async Task A_command_that_exceeds_CommandLimit_is_ended_with_all_its_processes(string command)
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(options => options.Deploying.CommandLimit = TimeSpan.FromMinutes(7), clock);
        DeployingSite site = await DeployingSite.CreateAsync(server, command);
        Reply begun = await site.BeginAsync((Index, "one"));
        string child = "";
        await foreach (string line in new LogStream(server, $"{site.Api}/deployments/{begun["id"]}").LinesAsync())
        {
            child = line.StartsWith("child ", StringComparison.Ordinal) ? line["child ".Length..] : child;
            if (line == "here")
            {
                break;
            }
        }

        await clock.TimerAsync(TimeSpan.FromMinutes(7));
        clock.Advance(TimeSpan.FromMinutes(7));

        Reply ended = await site.EndAsync(begun["id"]);
        Assert.Equal("3", ended["status"]);
        Assert.StartsWith("The command ran longer than 0:07:00 and was stopped", ended["status_text"], StringComparison.Ordinal);
        Assert.True(ProcessWatch.Gone(int.Parse(child, null)));
    }
}
