using System.Text.Json.Nodes;
using Nyala.Server.Sites;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Commands;

/// <summary>The environment of a deploy command, and the errors if it cannot run. <c>KuduScriptTests</c> pushes scripts of Kudu's own tools.</summary>
public sealed class ScriptTests(SharedServer shared)
{
    private const string Index = "index.html";
    private const string Script = "deploy.sh";

    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task The_command_gets_the_variables_of_Kudus_scripts()
    {
        DeployingSite site = await DeployingSite.CreateAsync(
            _server,
            "test -d \"$DEPLOYMENT_TEMP\" && test -z \"$(ls -A \"$DEPLOYMENT_TEMP\")\" && test -f \"$PREVIOUS_MANIFEST_PATH\" && test ! -s \"$PREVIOUS_MANIFEST_PATH\" && test ! -e \"$NEXT_MANIFEST_PATH\" "
            + "&& echo a > \"$NEXT_MANIFEST_PATH\" && echo b > \"$DEPLOYMENT_TEMP/b\" && env > \"$DEPLOYMENT_TARGET/env\"");

        Reply reply = await _server.SendAsync(HttpMethod.Post, $"{site.Api}/zipdeploy?message=Fix%20%22it%22%0Anow", Zips.Of([(Index, "one")]));

        Assert.Equal(200, reply.Code);
        string id = reply["id"];
        string release = $"{site.Folder.Releases}/{id}-1";
        string around = $"{site.Folder.Work}/script-{id}-1";
        string[] lines = site.Read("env").Split('\n');
        Assert.All(
            [
                $"SCM_COMMIT_ID={id}", "SCM_COMMIT_MESSAGE=Fix \"it\"", "now", $"DEPLOYMENT_TEMP={around}/temp", $"NEXT_MANIFEST_PATH={around}/manifest",
                $"PREVIOUS_MANIFEST_PATH={around}/previous-manifest", "IGNORE_MANIFEST=0", $"WEBROOT_PATH={release}", "KUDU_SYNC_CMD=kudusync", "IN_PLACE_DEPLOYMENT=0",
            ],
            line => Assert.Contains(line, lines));
        Assert.Empty(Directory.EnumerateFileSystemEntries(site.Folder.Work));
    }

    [Fact]
    public async Task A_NUL_character_in_the_message_does_not_stop_the_command()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "printf %s \"$SCM_COMMIT_MESSAGE\" > $DEPLOYMENT_TARGET/message");

        // The length of a request URL limits the message here. ScriptVariablesTests covers longer messages.
        Reply reply = await _server.SendAsync(HttpMethod.Post, $"{site.Api}/zipdeploy?message=a%00b{new string('x', 4000)}", Zips.Of([(Index, "one")]));

        Assert.Equal(200, reply.Code);
        Assert.StartsWith("abx", site.Read("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./deploy.sh", Script)]
    [InlineData("sub/deploy.sh --all", "sub/deploy.sh")]
    [InlineData("cd sub && ./deploy.sh", "sub/deploy.sh")]
    [InlineData("(cd sub/deeper; ls); ./deploy.sh", Script)]
    [InlineData("echo first && \"./my deploy.sh\"", "my deploy.sh")]
    [InlineData("./my deploy.sh", "my deploy.sh")]
    [InlineData("\"./my deploy.sh\"", "my deploy.sh")]
    [InlineData("\"$DEPLOYMENT_SOURCE/deploy.sh\"", Script)]
    public async Task A_file_that_the_command_names_is_made_executable(string command, string file)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);

        Reply reply = await site.ZipAsync((".deployment", $"[config]\ncommand = {command}\n"), (file, "#!/bin/sh\necho hi\n"), ("data.txt", "x"), ("sub/deeper/data.txt", "x"));

        Assert.Equal((200, ""), (reply.Code, reply["status_text"]));
        Assert.Contains("hi", await site.LogAsync(reply["id"]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(File.GetUnixFileMode(Path.Combine(site.Current!, file)).HasFlag(UnixFileMode.UserExecute | UnixFileMode.OtherExecute));
            Assert.False(File.GetUnixFileMode(Path.Combine(site.Current!, "data.txt")).HasFlag(UnixFileMode.UserExecute));
        }
    }

    [Theory]
    [InlineData("deploy.sh", "#!/bin/sh\n", "The command failed with exit code 127. A shell does not look for 'deploy.sh' in the current folder. Write ./deploy.sh.")]
    [InlineData("./deploy.sh", "#!/bin/sh\r\necho hi\r\n", "The command failed with exit code 127. './deploy.sh' has Windows line endings (CRLF)")]
    [InlineData("sh deploy.sh", "echo hi\r\nexit 3\r\n", "'deploy.sh' has Windows line endings (CRLF)")]
    [InlineData("./deploy.sh", "#!/usr/bin/env no-such-node\n", "The command failed with exit code 127. './deploy.sh' requires 'no-such-node' (see its first line), which is not installed on the server's machine")]
    [InlineData(@".\deploy.sh", "#!/bin/sh\n", "Write ./deploy.sh.")]
    [InlineData("no-such-npm ci", "", "'no-such-npm' is not installed on the server's machine")]
    [InlineData("deploy.cmd", "", "The command uses 'deploy.cmd', a Windows script, which cannot run on this machine.")]
    public async Task A_command_that_cannot_run_returns_422_with_a_hint(string command, string script, string hint)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, command);

        Reply reply = await site.ZipAsync((Script, script), ("deploy.cmd", "@echo off\r\n"));

        Assert.Equal(422, reply.Code);
        Assert.Contains(hint, reply["status_text"], StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(site.Folder.Work));
    }

    [Fact]
    public async Task A_site_command_with_Windows_line_endings_runs()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "\r\ntrue\r\n./deploy.sh\r\n");

        Reply reply = await site.ZipAsync((Script, "#!/bin/sh\necho hi\n"));

        Assert.Equal((200, ""), (reply.Code, reply["status_text"]));
        Assert.Contains("hi", await site.LogAsync(reply["id"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("true")]
    [InlineData("cp -r . $DEPLOYMENT_TARGET")]
    [InlineData("cp -r . $DEPLOYMENT_TARGET && chmod 555 $DEPLOYMENT_TARGET")]
    [InlineData("ln -s index.html $DEPLOYMENT_TARGET/.deployment && cp index.html $DEPLOYMENT_TARGET")]
    public async Task Dot_deployment_at_the_root_is_not_released(string? command)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, command);

        Reply reply = await site.ZipAsync((Index, "one"), (".deployment", "[config]\nA=1\n"), ("sub/.deployment", "x"));

        Assert.Equal((200, "one"), (reply.Code, site.Read(Index)));
        Assert.DoesNotContain(".deployment", Directory.EnumerateFileSystemEntries(site.Current! + "/").Select(Path.GetFileName));
    }

    /// <summary>Kudu's sync skips every file with this name. It does not run if there is a command.</summary>
    [Theory]
    [InlineData(null, false)]
    [InlineData("cp -r . $DEPLOYMENT_TARGET", true)]
    public async Task Dot_deployment_in_a_folder_is_released_only_by_a_command(string? command, bool released)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, command);

        Reply reply = await site.ZipAsync((Index, "one"), ("sub/.deployment", "x"), ("sub/deeper/.deployment", "x"), ("sub/deeper/kept", "x"));

        Assert.Equal(200, reply.Code);
        Assert.Equal(["sub/deeper/kept"], Directory.EnumerateFiles(site.Current! + "/sub", "kept", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(site.Current!, file)));
        Assert.Equal(released ? 2 : 0, Directory.EnumerateFiles(site.Current! + "/", ".deployment", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public async Task Keys_of_dot_deployment_become_variables_and_an_invalid_file_returns_422()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "echo \"$GREETING|$Api__Key|$SET\" > $DEPLOYMENT_TARGET/seen");
        await _server.PostAsync($"{site.Api}/settings", new JsonObject { ["set"] = "the site's" });

        Reply reply = await site.ZipAsync((".deployment", "[ config ]\rGREETING = hello there\rApi:Key = 1\rSET = the file's\r"));
        Reply refused = await site.ZipAsync((".deployment", "[config]\nDEPLOYMENT_TARGET = /tmp\n"));
        Reply broken = await site.ZipAsync((".deployment", "[config]\ncommand = a\0b\n"));

        Assert.Equal((200, "hello there|1|\n"), (reply.Code, site.Read("seen")));
        Assert.Equal(
            (422, ".deployment must not set DEPLOYMENT_TARGET: the server sets variables with this prefix for each deployment. Remove the line from [config]."), (refused.Code, refused["status_text"]));
        Assert.Equal(
            (422, ".deployment contains a NUL character, so it is not a text file. Save it as UTF-8."), (broken.Code, broken["status_text"]));
    }

    [Theory]
    [InlineData("src/web")]
    [InlineData(@"src\web")]
    [InlineData("/src/web/")]
    [InlineData(@"\src\web")]
    [InlineData(@".\src\web")]
    public async Task A_project_with_slashes_or_backslashes_is_the_folder_that_is_deployed(string project)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        await _server.PostAsync($"{site.Api}/settings", new JsonObject { ["Project"] = project });
        DeployingSite other = await DeployingSite.CreateAsync(_server);

        Reply set = await site.ZipAsync(("src/web/index.html", "one"), ("secret.txt", "two"), (".deployment", "[config]\nproject = elsewhere\n"));
        Reply named = await other.ZipAsync(("src/web/index.html", "one"), ("secret.txt", "two"), (".deployment", $"[config]\nproject = \"{project}\"\n"));

        Assert.Equal((200, 200), (set.Code, named.Code));
        Assert.Equal([Index], Directory.EnumerateFileSystemEntries(site.Current! + "/").Select(Path.GetFileName));
        Assert.Equal([Index], Directory.EnumerateFileSystemEntries(other.Current! + "/").Select(Path.GetFileName));
    }

    [Fact]
    public async Task An_invalid_setting_PROJECT_fails_the_deployment_and_is_named_in_the_reason()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        await _server.PostAsync($"{site.Api}/settings", new JsonObject { ["PROJECT"] = "../.." });

        Reply reply = await site.ZipAsync((Index, "one"));

        Assert.StartsWith("The setting PROJECT names the project '../..', which is not a folder among the deployed files.", reply["status_text"], StringComparison.Ordinal);
        Assert.Null(site.Current);
    }

    [Fact]
    public async Task Each_Kudu_setting_that_Nyala_ignores_gets_a_warning_in_the_log()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        var settings = new JsonObject(KuduSettings.Ignored.Select((setting, at) => KeyValuePair.Create<string, JsonNode?>(
            at % 2 == 0 ? setting.Name : setting.Name.ToLowerInvariant(), setting.Asks?.Invoke("1") == false ? "0" : "1")));
        Assert.Equal(204, (await _server.PostAsync($"{site.Api}/settings", settings)).Code);

        Reply reply = await site.ZipAsync((Index, "one"));

        IReadOnlyList<string> log = await site.LogAsync(reply["id"]);
        Assert.Equal(200, reply.Code);
        Assert.All(KuduSettings.Ignored, setting => Assert.Contains(setting.Warning, log));
    }

    [Fact]
    public void The_compatibility_page_lists_each_ignored_Kudu_setting()
    {
        string page = File.ReadAllText(Repository.File("docs/kudu-compatibility.md"));

        Assert.All(KuduSettings.Ignored, setting => Assert.Contains($"| `{setting.Name}` | {setting.Instead} |", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sleep 600 & echo child $!; wait")]
    [InlineData("echo child $$; cat /dev/zero | (sleep 600)")]
    public async Task An_idle_command_is_ended_after_SCM_COMMAND_IDLE_TIMEOUT(string command)
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        DeployingSite site = await DeployingSite.CreateAsync(server, command);
        Assert.Equal(400, (await server.PostAsync($"{site.Api}/settings", new JsonObject { ["SCM_COMMAND_IDLE_TIMEOUT"] = "soon" })).Code);
        Assert.Equal(204, (await server.PostAsync($"{site.Api}/settings", new JsonObject { ["SCM_COMMAND_IDLE_TIMEOUT"] = "97" })).Code);
        Reply begun = await site.BeginAsync((Index, "one"));
        string child = "";
        await foreach (string line in new LogStream(server, $"{site.Api}/deployments/{begun["id"]}").LinesAsync())
        {
            if (line.StartsWith("child ", StringComparison.Ordinal))
            {
                child = line["child ".Length..];
                break;
            }
        }

        // The processor time of the start counts as work. Only a whole interval without work is idle, so the clock may have to advance more than once.
        var limit = TimeSpan.FromSeconds(97);
        Task<Reply> ending = site.EndAsync(begun["id"]);
        await clock.TimerAsync(limit);
        while (!ending.IsCompleted)
        {
            Task again = clock.NextTimerAsync(limit);
            clock.Advance(limit);
            await Task.WhenAny(ending, again);
        }

        Reply ended = await ending;
        Assert.True(ProcessWatch.Gone(int.Parse(child, null)));
        Assert.Equal("3", ended["status"]);
        Assert.StartsWith("The command wrote nothing and used no processor for 0:01:37 and was stopped, with every process that it had started (SCM_COMMAND_IDLE_TIMEOUT).", ended["status_text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kudus_older_setting_branch_sets_the_sites_branch_and_takes_precedence()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);

        Assert.Equal(204, (await _server.PostAsync($"{site.Api}/settings", new JsonObject { ["Branch"] = "live", ["deployment_branch"] = "other" })).Code);

        Assert.Equal("live", (await _server.GetAsync($"/api/sites/{site.Name}"))["branch"]);
        Assert.Equal("\"live\"", (await _server.GetAsync($"{site.Api}/settings/branch")).Text);
        Assert.Equal(400, (await _server.PostAsync($"{site.Api}/settings", new JsonObject { ["branch"] = "a b" })).Code);
    }
}
