using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Nyala.Cli.Deploy;
using Nyala.Cli.Run;
using Nyala.Client;
using Nyala.Server.Deploying.Zip;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary><c>nyala deploy</c> and <c>nyala deployments</c>, against a fake server that breaks connections on request.</summary>
public sealed class DeployVerbTests : IDisposable
{
    private readonly CliHarness _cli = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _cli.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_folder_is_sent_as_a_zip_and_its_deployment_is_followed_to_the_end()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Log(1, "Copying") + FakeDeployer.Log(2, "odd \\u001b[31mred", 1) + FakeDeployer.Success);
        await File.WriteAllTextAsync(_folder.In("index.html"), "<h1>Hello</h1>", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.In("run.sh"), "#!/bin/sh", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(_folder.In("empty"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.In("run.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        (int exitCode, string output, string error) = await _cli.RunAsync(
            "deploy", _folder.Path, "--message", "My fix & more", "--author", "Ann", "--author-email", "ann@example.com", "--site", "shop");

        Assert.Equal((0, "Copying\nwarning: odd red\ndeployment d1 of shop succeeded in 2 s\n"), (exitCode, output));
        Assert.Matches($"^nyala: sending 2 files of {_folder.Path}, [0-9]+ bytes packed, to shop at {server.Address.AbsoluteUri.TrimEnd('/')}\\.\n$", error);
        Assert.Equal(
            ["POST /sites/shop/api/zipdeploy?isAsync=true&author=Ann&authorEmail=ann%40example.com&deployer=nyala&message=My%20fix%20%26%20more", "GET /sites/shop/api/deployments/d1/log/stream"],
            server.Requests);

        // The server can unpack the zip that the command line made.
        await File.WriteAllBytesAsync(_folder.In("sent.zip"), server.Body, TestContext.Current.CancellationToken);
        Assert.Null(await Unpacker.UnpackAsync(_folder.In("sent.zip"), _folder.In("unpacked"), new ZipOptions(), TestContext.Current.CancellationToken));
        Assert.Equal("<h1>Hello</h1>", await File.ReadAllTextAsync(_folder.In("unpacked", "index.html"), TestContext.Current.CancellationToken));
        Assert.True(Directory.Exists(_folder.In("unpacked", "empty")));
        Assert.Equal(File.GetLastWriteTimeUtc(_folder.In("index.html")), File.GetLastWriteTimeUtc(_folder.In("unpacked", "index.html")), TimeSpan.FromSeconds(3));
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(File.GetUnixFileMode(_folder.In("unpacked", "run.sh")).HasFlag(UnixFileMode.UserExecute));
            Assert.False(File.GetUnixFileMode(_folder.In("unpacked", "index.html")).HasFlag(UnixFileMode.UserExecute));
        }
    }

    [Fact]
    public async Task Author_and_message_default_to_those_of_the_commit()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success);
        await ShellAsync("git init -q && echo x > a && git add a && git -c user.name='Ann Lee' -c user.email=ann@example.com -c commit.gpgSign=false commit -q -m 'My fix'");

        Assert.Equal(0, (await _cli.RunAsync("deploy", _folder.Path)).ExitCode);

        Assert.Equal("POST /api/zipdeploy?isAsync=true&author=Ann%20Lee&authorEmail=ann%40example.com&deployer=nyala&message=My%20fix", server.Requests[0]);
        using var sent = new ZipArchive(new MemoryStream(server.Body));
        Assert.Equal(["a"], sent.Entries.Select(entry => entry.FullName));
    }

    [Fact]
    public async Task Files_that_git_ignores_are_sent_only_with_the_option_include_ignored()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success, FakeDeployer.Success);
        await ShellAsync(
            """
            git init -q . && printf '.env\n*.log\nbuilt\nnode_modules/\n' > .gitignore
            mkdir -p 'sp ace' src/node_modules node_modules/a && touch .env index.html 'sp ace/kept' 'sp ace/ü.log' src/tracked.log src/node_modules/b node_modules/a/c built && git add -f src/tracked.log
            """);

        (int exitCode, _, string error) = await _cli.RunAsync("deploy", _folder.Path);

        Assert.Equal(0, exitCode);
        Assert.Equal([".gitignore", "index.html", "sp ace/kept", "src/tracked.log"], Sent(server));
        Assert.StartsWith("nyala: not sent because git ignores it: .env, built, node_modules/ and 2 more. Use --include-ignored to send it.\nnyala: sending 4 files ", error, StringComparison.Ordinal);
        (exitCode, _, error) = await _cli.RunAsync("deploy", _folder.Path, "--include-ignored", "--exclude", "node_modules");
        Assert.Equal(0, exitCode);
        Assert.Equal([".env", ".gitignore", "built", "index.html", "sp ace/kept", "sp ace/ü.log", "src/tracked.log"], Sent(server));
        Assert.DoesNotContain("not sent", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dist")]
    [InlineData("dist/web")]
    public async Task A_folder_that_is_itself_ignored_is_sent_with_its_ignored_files(string folder)
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success);
        await ShellAsync("git init -q . && printf 'dist\n*.map\n' > .gitignore && mkdir -p dist/web && touch dist/web/a.map");

        (_, _, string error) = await _cli.RunAsync("deploy", _folder.In(folder));

        Assert.Equal([folder == "dist" ? "web/a.map" : "a.map"], Sent(server));
        Assert.DoesNotContain("ignore", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_a_line_break_in_its_name_is_not_confused_with_an_ignored_folder()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success);
        await ShellAsync("git init -q . && printf 'web\n.env\n' > .gitignore && mkdir 'web\n2' && touch 'web\n2/.env' 'web\n2/a'");

        await _cli.RunAsync("deploy", _folder.In("web\n2"));

        Assert.Equal(["a"], Sent(server));
    }

    [Fact]
    public async Task A_folder_whose_repository_is_missing_is_sent_completely_with_a_warning()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success);
        await ShellAsync("echo 'gitdir: /nowhere/worktrees/web' > .git && echo .env > .gitignore && touch .env");

        (int exitCode, _, string error) = await _cli.RunAsync("deploy", _folder.Path);

        Assert.Equal(0, exitCode);
        Assert.Equal([".env", ".gitignore"], Sent(server));
        Assert.StartsWith(
            "nyala: warning: git could not list the ignored files, so they are sent too: fatal: not a git repository: /nowhere/worktrees/web\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploying_only_ignored_files_exits_with_1_and_names_the_option()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success);
        await ShellAsync("git init -q . && echo '*' > .gitignore && touch a");

        (int exitCode, _, string error) = await _cli.RunAsync("deploy", _folder.Path);

        Assert.Equal((1, 0), (exitCode, server.Requests.Count));
        Assert.Contains("all of them are excluded or ignored by git (use --include-ignored to send ignored files).", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_files_are_sent_if_git_cannot_list_the_ignored_ones()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success);
        await ShellAsync("git init -q . && echo '*' > .gitignore && touch a && echo '[broken' > .git/config");

        (int exitCode, _, string error) = await _cli.RunAsync("deploy", _folder.Path);

        Assert.Equal((0, 2), (exitCode, Sent(server).Length));
        Assert.StartsWith("nyala: warning: git could not list the ignored files, so they are sent too: fatal: bad config", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_git_on_the_machine_a_repository_is_sent_completely_with_a_warning()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success);
        await ShellAsync("git init -q . && echo '.env' > .gitignore && touch .env");
        _cli["PATH"] = _folder.Path;

        (int exitCode, _, string error) = await _cli.RunAsync("deploy", _folder.Path);

        Assert.Equal((0, 2), (exitCode, Sent(server).Length));
        Assert.StartsWith("nyala: warning: git could not list the ignored files, so they are sent too: there is no git on this machine\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkfifo pipe", ".", "pipe is a named pipe (FIFO), which a zip file cannot contain.")]
    [InlineData("mkdir b && mkfifo b/pipe", ".", "b/pipe is a named pipe (FIFO), which a zip file cannot contain.")]
    [InlineData("mkfifo ../outside-$$ && mv ../outside-$$ real && ln -s real link && ln -s link again", "again", "again is a named pipe (FIFO). Specify a folder, a zip file")]
    [InlineData("mkfifo pipe.zip", "pipe.zip", "pipe.zip is a named pipe (FIFO). Specify a folder, a zip file")]
    [InlineData("touch 'b\\c.txt'", ".", "b\\c.txt has a backslash in its name, ")]
    [InlineData("touch $(printf 'b\\344d.css')", ".", "b\ufffdd.css has a name that is not UTF-8, ")]
    [InlineData("mkdir $(printf 'b\\344d') && touch $(printf 'b\\344d')/a", ".", "b\ufffdd has a name that is not UTF-8, ")]
    public async Task A_file_that_a_zip_cannot_contain_is_named_and_not_opened(string script, string what, string told)
    {
        await using FakeDeployer server = await ServerAsync();
        await File.WriteAllTextAsync(_folder.In("a"), "", TestContext.Current.CancellationToken);
        await ShellAsync(script);

        (int exitCode, _, string error) = await Task.Run(() => _cli.RunAsync("deploy", _folder.In(what))).InTimeAsync();

        Assert.Equal((1, 0), (exitCode, server.Requests.Count));
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.True(what == "." ? error.Contains("--exclude ", StringComparison.Ordinal) : error.StartsWith("nyala: ", StringComparison.Ordinal));

        // .NET cannot delete a file whose name is not UTF-8.
        await ShellAsync("rm -rf -- *");
    }

    [Fact]
    public async Task Deploying_a_folder_with_a_socket_exits_with_1_and_names_the_socket()
    {
        await using FakeDeployer server = await ServerAsync();
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_folder.In("app.sock")));

        (int exitCode, _, string error) = await _cli.RunAsync("deploy", _folder.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains("app.sock is a socket, which a zip file cannot contain.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_name_with_a_replacement_character_is_accepted()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success);
        await File.WriteAllTextAsync(_folder.In("b\ufffdd"), "", TestContext.Current.CancellationToken);

        Assert.Equal(0, (await _cli.RunAsync("deploy", _folder.Path)).ExitCode);
        Assert.Equal(["b\ufffdd"], Sent(server));
    }

    [Fact]
    public async Task Folders_keep_their_modes()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success);
        await ShellAsync("mkdir -p full/deeper empty && touch full/deeper/a && chmod 750 full && chmod 711 full/deeper && chmod 700 empty");

        Assert.Equal(0, (await _cli.RunAsync("deploy", _folder.Path)).ExitCode);

        using var sent = new ZipArchive(new MemoryStream(server.Body));
        Assert.Equal(
            [("empty/", "40700"), ("full/", "40750"), ("full/deeper/", "40711")],
            sent.Entries.Where(entry => entry.FullName.EndsWith('/')).Select(entry => (entry.FullName, Convert.ToString((entry.ExternalAttributes >> 16) & 0xFFFF, 8))));
    }

    [Theory]
    [InlineData("core.fsmonitor", "RAN")]
    [InlineData("core.hooksPath", "HOOKS")]
    [InlineData("core.pager", "RAN")]
    [InlineData("gpg.program", "RAN")]
    [InlineData("core.sshCommand", "RAN")]
    [InlineData("credential.helper", "!RAN")]
    [InlineData("core.alternateRefsCommand", "RAN")]
    [InlineData("diff.external", "RAN")]
    [InlineData("filter.all.clean", "RAN")]
    [InlineData("filter.all.process", "RAN")]
    [InlineData("include.path", "INCLUDED")]
    [InlineData("alias.log", "!RAN")]
    [InlineData("alias.ls-files", "!RAN")]
    public async Task No_program_from_the_git_configuration_of_the_folder_is_run(string setting, string value)
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success);
        await ShellAsync(
            $$"""
            git init -q . && echo '* filter=all' > .gitattributes && echo x > a && git add . && git -c user.name=A -c user.email=a@example.com -c commit.gpgSign=false commit -q -m one
            cat > .git/ran.sh <<'EOF'
            #!/bin/sh
            touch "{{_folder.Path}}/../$(basename {{_folder.Path}}).ran"
            cat
            EOF
            chmod +x .git/ran.sh && mkdir .git/bad && for hook in post-index-change reference-transaction post-checkout fsmonitor-watchman; do cp .git/ran.sh .git/bad/$hook; done
            printf '[core]\n\tfsmonitor = "%s"\n' "$PWD/.git/ran.sh" > .git/included
            git config log.showSignature true
            value='{{value}}'
            git config '{{setting}}' "$(printf %s "$value" | sed "s|RAN|$PWD/.git/ran.sh|; s|HOOKS|$PWD/.git/bad|; s|INCLUDED|$PWD/.git/included|")"
            touch a
            """);

        Assert.Equal(0, (await _cli.RunAsync("deploy", _folder.Path)).ExitCode);

        Assert.False(File.Exists(_folder.Path + ".ran"), $"{setting} was run.");
        Assert.Contains("message=one", server.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploying_a_partial_clone_fetches_no_missing_objects()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success);
        await ShellAsync(
            $$"""
            git init -q . && echo x > a && git add . && git -c user.name=A -c user.email=a@example.com -c commit.gpgSign=false commit -q -m one
            printf '#!/bin/sh\ntouch "%s.ran"\n' '{{_folder.Path}}' > .git/ran.sh && chmod +x .git/ran.sh
            git config core.repositoryFormatVersion 1 && git config extensions.partialClone origin && git config remote.origin.promisor true
            git config remote.origin.url "$PWD/.git" && git config remote.origin.uploadpack "$PWD/.git/ran.sh"
            rm -r .git/objects/??
            """);

        Assert.Equal(0, (await _cli.RunAsync("deploy", _folder.Path)).ExitCode);

        Assert.False(File.Exists(_folder.Path + ".ran"), "The missing objects were fetched.");
        Assert.Equal(["a"], Sent(server));
    }

    [Fact]
    public async Task Without_a_site_deploy_asks_for_confirmation_on_a_terminal()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success, FakeDeployer.Success, FakeDeployer.Success);
        await File.WriteAllTextAsync(_folder.In("a"), "", TestContext.Current.CancellationToken);
        string asked = $"nyala: no --site was given, so this goes to the default site at {server.Address.AbsoluteUri.TrimEnd('/')}. Deploy it? [y/N] ";

        foreach (string no in (string[])["", "n", "maybe"])
        {
            _cli.Answer = no;
            Assert.Equal((1, "", asked + "nyala: nothing was deployed. Specify the site with --site, or add --yes.\n"), await _cli.RunAsync("deploy", _folder.Path));
        }

        Assert.Empty(server.Requests);
        _cli.Answer = "Yes";
        Assert.Equal(0, (await _cli.RunAsync("deploy", _folder.Path)).ExitCode);
        _cli.Answer = "";
        Assert.Equal(0, (await _cli.RunAsync("deploy", _folder.Path, "--yes")).ExitCode);
        Assert.Equal(0, (await _cli.RunAsync("deploy", _folder.Path, "--site", "shop")).ExitCode);
    }

    [Fact]
    public void The_email_address_of_the_commit_is_used_only_with_its_author()
    {
        var git = new GitFacts(new string('a', 40), "Ann", "ann@example.com", "My fix", "main");

        Assert.Equal(new ZipDeployment { Author = "Ann", AuthorEmail = "ann@example.com", Message = "My fix" }, DeployCommand.Complete(new(), git));
        Assert.Equal(new ZipDeployment { Author = "Bob", Message = "My fix" }, DeployCommand.Complete(new() { Author = "Bob" }, git));
        Assert.Equal(new ZipDeployment(), DeployCommand.Complete(new(), null));
    }

    [Fact]
    public async Task A_zip_file_is_sent_unchanged()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success);
        using (ZipArchive zip = await ZipFile.OpenAsync(_folder.In("site.zip"), ZipArchiveMode.Create, TestContext.Current.CancellationToken))
        {
            zip.CreateEntry("a");
        }

        (int exitCode, string output, string error) = await _cli.RunAsync("deploy", _folder.In("site.zip"));

        Assert.Equal((0, "deployment d1 of shop succeeded in 2 s\n"), (exitCode, output));
        Assert.Equal($"nyala: sending {_folder.In("site.zip")}, {server.Body.Length} bytes, to the default site at {server.Address.AbsoluteUri.TrimEnd('/')}.\n", error);
        Assert.Equal("POST /api/zipdeploy?isAsync=true&deployer=nyala", server.Requests[0]);
        Assert.Equal(await File.ReadAllBytesAsync(_folder.In("site.zip"), TestContext.Current.CancellationToken), server.Body);
    }

    [Fact]
    public async Task A_file_that_is_not_a_zip_is_not_sent()
    {
        await using FakeDeployer server = await ServerAsync();
        await File.WriteAllBytesAsync(_folder.In("site.tar.gz"), [0x1F, 0x8B, 8, 0, 0], TestContext.Current.CancellationToken);

        (int exitCode, _, string error) = await _cli.RunAsync("deploy", _folder.In("site.tar.gz"));

        Assert.Equal(1, exitCode);
        Assert.Contains("site.tar.gz: This is not a zip: it looks like a gzip file", error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_repository_URL_is_sent_to_the_server_which_fetches_it()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Success);

        Assert.Equal(0, (await _cli.RunAsync("deploy", "https://git.example.com/shop.git#main", "--site", "shop")).ExitCode);

        Assert.Equal("POST /sites/shop/deploy?isAsync=true", server.Requests[0]);
        Assert.Equal("""{"format":"basic","url":"https://git.example.com/shop.git#main"}""", Encoding.UTF8.GetString(server.Body));
    }

    [Fact]
    public async Task Redeploy_without_an_id_requests_the_head_of_the_branch()
    {
        await using FakeDeployer server = await ServerAsync();

        await _cli.RunAsync("deployments", "redeploy", "--site", "shop", "--no-wait");

        Assert.Equal("PUT /sites/shop/api/deployments?isAsync=true", server.Requests[0]);
    }

    [Fact]
    public async Task A_failed_deployment_exits_with_1_and_prints_the_reason()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Log(1, "No space", 2) + FakeDeployer.Failure);

        Assert.Equal((1, "error: No space\n", "nyala: deployment d1 of shop failed: exit code 3\n"), await _cli.RunAsync("deployments", "redeploy", "d1"));
        Assert.Equal("PUT /api/deployments/d1?isAsync=true", server.Requests[0]);
    }

    [Fact]
    public async Task With_json_standard_output_contains_only_the_deployment()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Log(1, "Copying") + FakeDeployer.Failure);

        (int exitCode, string output, string error) = await _cli.RunAsync("deployments", "rollback", "--json");

        Assert.Equal((1, "Copying\nnyala: deployment d1 of shop failed: exit code 3\n"), (exitCode, error));
        Assert.Equal("exit code 3", JsonElement.Parse(output).GetProperty("status_text").GetString());
        Assert.Equal("POST /api/deployments/rollback?isAsync=true", server.Requests[0]);
    }

    [Fact]
    public async Task With_the_option_no_wait_the_output_names_the_command_that_follows_the_log()
    {
        await using FakeDeployer server = await ServerAsync();

        Assert.Equal(
            (
                0,
                "deployment d1 started. To follow its log, run \"nyala deployments log d1 --follow\"\n",
                $"nyala: the server fetches the repository for the default site at {server.Address.AbsoluteUri.TrimEnd('/')}.\n"),
            await _cli.RunAsync("deploy", "https://git.example.com/x", "--no-wait"));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_broken_log_connection_is_resumed_after_the_last_line()
    {
        await using FakeDeployer server = await ServerAsync(
            FakeDeployer.Log(1, "one") + FakeDeployer.Log(2, "two"), null, FakeDeployer.Log(3, "three") + "event: log\nid: 4\nda", "event: news\ndata: x\n\n" + FakeDeployer.Log(4, "four") + FakeDeployer.Success);

        (int exitCode, string output, string error) = await _cli.RunAsync("deployments", "log", "d1", "--follow");

        Assert.Equal(0, exitCode);
        Assert.Equal(["one", "two", "three", "four"], output.TrimEnd('\n').Split('\n').Select(line => line.Split("  ")[1]));
        Assert.Equal("nyala: deployment d1 of shop succeeded in 2 s\n", error);
        Assert.Equal(["", " behind 2", " behind 2", " behind 3"], server.Requests.Select(request => request.Replace("GET /api/deployments/d1/log/stream", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Following_a_log_with_json_prints_one_entry_per_line()
    {
        await using FakeDeployer server = await ServerAsync(FakeDeployer.Log(1, "one") + FakeDeployer.Log(2, "two") + FakeDeployer.Failure);

        (int exitCode, string output, _) = await _cli.RunAsync("deployments", "log", "d1", "--follow", "--json");

        Assert.Equal(0, exitCode);
        Assert.Equal(["one", "two"], output.TrimEnd('\n').Split('\n').Select(line => JsonElement.Parse(line).GetProperty("message").GetString()));
    }

    [Theory]
    [InlineData(409, "text/plain", "There is a deployment currently in progress. Please retry operation later.", "There is a deployment currently in progress. Please retry operation later.")]
    [InlineData(413, "application/problem+json", """{"title":"Zip too large","detail":"A zip can have at most 5 bytes."}""", "A zip can have at most 5 bytes.")]
    public async Task The_error_of_a_refused_deployment_is_printed(int status, string type, string text, string told)
    {
        await using FakeDeployer server = await FakeDeployer.RefusingAsync(status, type, text);
        _cli["NYALA_SERVER"] = server.Address.AbsoluteUri;
        byte[] noise = new byte[20_000_000];
        new Random(7).NextBytes(noise);
        await File.WriteAllBytesAsync(_folder.In("noise"), noise, TestContext.Current.CancellationToken);

        (int exitCode, string output, string error) = await _cli.RunAsync("deploy", _folder.Path);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_received_before_any_byte_of_the_zip_is_sent()
    {
        await using FakeDeployer server = await FakeDeployer.RefusingAsync(409, "text/plain", "Please retry operation later.");
        using var client = new NyalaClient(server.Address, null);
        using var zip = new MemoryStream(new byte[1_000_000]);

        NyalaException refusal = await Assert.ThrowsAsync<NyalaException>(() => client.DeployZipAsync(zip, cancellationToken: TestContext.Current.CancellationToken).InTimeAsync());

        Assert.Equal(("Please retry operation later.", 0), (refusal.Message, zip.Position));
    }

    [Fact]
    public async Task Sending_a_zip_reports_its_progress()
    {
        await using FakeDeployer server = await ServerAsync();
        using var client = new NyalaClient(server.Address, null);
        using var zip = new MemoryStream(new byte[1_000_000]) { Position = 100_000 };
        var told = new List<long>();

        await client.DeployZipAsync(zip, null, new ImmediateProgress(told), TestContext.Current.CancellationToken).InTimeAsync();

        Assert.Equal(900_000, server.Body.Length);
        Assert.Equal(told.Order(), told);
        Assert.Equal(900_000, told[^1]);
        Assert.True(told.Count > 2);
    }

    [Fact]
    public async Task A_deployment_is_removed()
    {
        await using FakeDeployer server = await ServerAsync();

        Assert.Equal((0, "", "nyala: removed d1.\n"), await _cli.RunAsync("deployments", "remove", "d1"));
        Assert.Equal(["DELETE /api/deployments/d1"], server.Requests);
    }

    [Theory]
    [InlineData("deploy ftp://example.com/x")]
    [InlineData("deploy https://")]
    [InlineData("deploy https://git.example.com/x --exclude y")]
    [InlineData("deploy https://git.example.com/x --include-ignored")]
    [InlineData("deploy https://git.example.com/x --message y")]
    [InlineData("deploy a b")]
    [InlineData("deployments redeploy d1 d2")]
    [InlineData("deployments rollback d1")]
    [InlineData("deployments remove")]
    public async Task Wrong_usage_exits_with_2_and_prints_one_line(string line)
    {
        await using FakeDeployer server = await ServerAsync();

        (int exitCode, string output, string error) = await _cli.RunAsync(line.Split(' '));

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Matches("^nyala: [^\n]+\n$", error);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("nowhere", "nowhere does not exist. Specify a folder, a zip file, or the https:// URL of a git repository.")]
    [InlineData("git@example.com:shop.git", "git@example.com:shop.git is not a file or folder, and not a supported URL.")]
    public async Task Deploying_a_source_that_does_not_exist_or_is_not_supported_exits_with_1(string what, string told)
    {
        (int exitCode, _, string error) = await _cli.RunAsync("deploy", what);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("nyala: " + told, error, StringComparison.Ordinal);
    }

    private async Task<FakeDeployer> ServerAsync(params string?[] streams)
    {
        FakeDeployer server = await FakeDeployer.StartAsync(streams);
        _cli["NYALA_SERVER"] = server.Address.AbsoluteUri;
        return server;
    }

    /// <summary>Runs a script in the folder, and sets the <c>PATH</c> of the command line so that it finds git.</summary>
    private async Task ShellAsync(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-ec", script]) { WorkingDirectory = _folder.Path })!;
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
        _cli["PATH"] = Environment.GetEnvironmentVariable("PATH")!;
    }

    /// <summary>Returns the files in the last zip that the server received.</summary>
    private static string[] Sent(FakeDeployer server)
    {
        using var zip = new ZipArchive(new MemoryStream(server.Body));
        return [.. zip.Entries.Select(entry => entry.FullName).Where(name => !name.EndsWith('/'))];
    }

    private sealed class ImmediateProgress(List<long> values) : IProgress<long>
    {
        public void Report(long value) => values.Add(value);
    }
}
