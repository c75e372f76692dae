using System.Diagnostics;
using System.Text;
using Nyala.Tests.Cli.Support;

namespace Nyala.Tests.Cli;

/// <summary><c>nyala run</c> as a process, with real commands, signals and git.</summary>
public sealed class RunTests : IDisposable
{
    // Prints a line when the trap is set, and then waits for the signal by reading from a pipe that nobody writes to.
    private const string WaitForSignal = "trap 'exit 7' INT TERM HUP QUIT; echo ready; while :; do read line <&3 || exit 99; done 3<>pipe";

    private const string Repository =
        "git init -q -b trunk && git -c user.name=Ann -c user.email=ann@example.com -c commit.gpgSign=false commit -q --allow-empty -m 'Say hello' && git rev-parse HEAD";

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Output_and_exit_code_of_the_command_pass_through_unchanged()
    {
        byte[] bytes = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i % 256))];
        await File.WriteAllBytesAsync(_place.In("bytes"), bytes, TestContext.Current.CancellationToken);
        await using FakeNyala server = await FakeNyala.StartAsync();

        (int exitCode, byte[] output, string error) = await _place.RunAsync(server.Address, "run", "--quiet", "--", "sh", "-c", "cat bytes; echo problem >&2; exit 42");

        Assert.Equal(42, exitCode);
        Assert.Equal(bytes, output);
        Assert.Equal("problem\n", error);
    }

    [Fact]
    public async Task The_command_reads_standard_input()
    {
        using NyalaProcess run = _place.Start(null, "run", "--quiet", "--", "sh", "-c", "read -r line; echo \"got $line\"");
        run.Type("hello\n");

        Assert.Equal("got hello\n", Encoding.UTF8.GetString((await run.EndAsync()).Out));
    }

    [Fact]
    public async Task A_run_reports_its_start_output_and_end_with_facts_from_git()
    {
        string commit = _place.Shell(Repository);
        await using FakeNyala server = await FakeNyala.StartAsync();

        (int exitCode, _, string error) = await _place.RunAsync(server.Address, "run", "--site", "shop", "--", "sh", "-c", "echo one; echo two >&2");

        Assert.Equal(0, exitCode);
        Assert.Matches($"^two\nnyala: deployment {commit} reported: success, [^\n]+\\.\n$", error);
        IReadOnlyList<Call> calls = server.Calls();
        Assert.Equal("status 2", calls[0].Short);
        Assert.Equal("status 4", calls[^1].Short);
        Assert.All(calls, call => Assert.StartsWith($"/sites/shop/api/deployments/{commit}", call.Path, StringComparison.Ordinal));
        Assert.All(calls, call => Assert.Equal("Bearer a-token", call.Authorization));
        Call start = calls[0];
        Call end = calls[^1];
        Assert.Equal(
            ("Say hello", "Ann", "ann@example.com", "trunk", 120),
            (start["message"], start["author"], start["author_email"], start["branch"], start.Json.GetProperty("silent_after").GetInt32()));
        Assert.Equal(start["run"], end["run"]);
        Assert.Equal(start["start_time"], end["start_time"]);
        Assert.True(end.Json.GetProperty("end_time").GetDateTimeOffset() > start.Json.GetProperty("start_time").GetDateTimeOffset());
        Assert.Equal(["one", "two"], Call.LinesIn(calls).Order());
    }

    [Fact]
    public async Task Two_runs_of_one_commit_have_different_run_keys()
    {
        _place.Shell(Repository);
        await using FakeNyala server = await FakeNyala.StartAsync();

        await _place.RunAsync(server.Address, "run", "--", "true");
        await _place.RunAsync(server.Address, "run", "--", "true");

        Assert.Equal(2, server.Calls().Select(call => call["run"]).Distinct().Count());
    }

    [Theory]
    [InlineData("INT", 7, "interrupted (SIGINT), exit code 7")]
    [InlineData("TERM", 7, "interrupted (SIGTERM), exit code 7")]
    [InlineData("HUP", 7, "interrupted (SIGHUP), exit code 7")]
    [InlineData("QUIT", 7, "interrupted (SIGQUIT), exit code 7")]
    public async Task A_signal_is_passed_to_the_command_and_the_run_is_reported_as_failed(string signal, int exitCode, string reason)
    {
        _place.Shell("mkfifo pipe");
        await using FakeNyala server = await FakeNyala.StartAsync();
        using NyalaProcess run = _place.Start(server.Address, "run", "--", "sh", "-c", WaitForSignal);
        await run.PrintsAsync("ready");

        run.Signal(signal);

        Assert.Equal(exitCode, (await run.EndAsync()).ExitCode);
        Assert.Equal(("status 3", reason), End(server));
    }

    [Theory]
    [InlineData("kill -9 $$", 137, "killed by SIGKILL (exit code 137)")]
    [InlineData("exit 3", 3, "exit code 3")]
    public async Task A_failed_command_is_reported_as_failed_with_the_reason(string script, int exitCode, string reason)
    {
        await using FakeNyala server = await FakeNyala.StartAsync();

        Assert.Equal(exitCode, (await _place.RunAsync(server.Address, "run", "--", "sh", "-c", script)).ExitCode);
        Assert.Equal(("status 3", reason), End(server));
    }

    [Fact]
    public async Task A_command_that_does_not_exist_exits_with_127_and_is_reported()
    {
        await using FakeNyala server = await FakeNyala.StartAsync();

        (int exitCode, _, string error) = await _place.RunAsync(server.Address, "run", "--quiet", "--", "no-such-command");

        Assert.Equal((127, "nyala: command not found: no-such-command\n"), (exitCode, error));
        Assert.Equal(("status 3", "command not found: no-such-command"), End(server));
    }

    [Fact]
    public async Task A_file_in_the_working_folder_is_not_run_instead_of_the_command_in_PATH()
    {
        Script("echo", "#!/bin/sh\nprintf wrong\n");

        Assert.Equal("right\n", Encoding.UTF8.GetString((await _place.RunAsync(null, "run", "--", "echo", "right")).Out));
    }

    [Fact]
    public async Task A_script_without_an_interpreter_line_is_run_as_a_shell_script()
    {
        Script("deploy", "echo \"deployed $1\"\n");

        Assert.Equal("deployed it\n", Encoding.UTF8.GetString((await _place.RunAsync(null, "run", "--", "./deploy", "it")).Out));
    }

    [Fact]
    public async Task Without_a_server_the_command_runs_and_one_line_says_that_it_is_not_reported()
    {
        (int exitCode, byte[] output, string error) = await _place.RunAsync(null, "run", "--", "sh", "-c", "echo hello; exit 5");

        Assert.Equal((5, "hello\n"), (exitCode, Encoding.UTF8.GetString(output)));
        Assert.Equal("nyala: this deployment will not be reported: no server found. Start one with \"nyala serve\", or specify one with --server or NYALA_SERVER.\n", error);
    }

    [Fact]
    public async Task A_background_process_that_keeps_the_output_open_does_not_delay_the_end()
    {
        await using FakeNyala server = await FakeNyala.StartAsync();
        var taken = Stopwatch.StartNew();

        (int exitCode, byte[] output, string error) = await _place.RunAsync(server.Address, "run", "--", "sh", "-c", "sleep 600 & echo $!");

        Assert.Equal(0, exitCode);
        Assert.True(taken.Elapsed < TimeSpan.FromSeconds(120));
        Assert.Contains("left a background process", error, StringComparison.Ordinal);
        _place.Shell($"kill {Encoding.UTF8.GetString(output)}");
    }

    [Theory]
    [InlineData("--siet", "shop", "--", "touch", "ran")]
    [InlineData("--siet=shop", "touch", "ran")]
    [InlineData("-x", "touch", "ran")]
    [InlineData("--site", "shop", "--strictt", "--", "touch", "ran")]
    [InlineData("--strict=touch", "ran")]
    [InlineData("--site", "shop", "--quiet:touch", "--", "ran")]
    public async Task A_mistyped_option_exits_with_2_and_neither_runs_nor_reports_anything(params string[] words)
    {
        await using FakeNyala server = await FakeNyala.StartAsync();

        (int exitCode, _, string error) = await _place.RunAsync(server.Address, ["run", .. words]);

        Assert.Equal(2, exitCode);
        Assert.Contains($"'{words.First(word => word.StartsWith('-') && word != "--site")}'", error, StringComparison.Ordinal);
        Assert.Empty(server.Calls());
        Assert.False(File.Exists(_place.In("ran")));
    }

    [Theory]
    [InlineData("--message", "--site", "touch", "--", "ran")]
    [InlineData("--site", "--strict", "touch", "ran")]
    public async Task An_option_without_a_value_exits_with_2_and_neither_runs_nor_reports_anything(params string[] words)
    {
        await using FakeNyala server = await FakeNyala.StartAsync();

        (int exitCode, _, string error) = await _place.RunAsync(server.Address, ["run", .. words]);

        Assert.Equal((2, $"nyala: '{words[0]}' has no value: it is followed by the option '{words[1]}'. Try \"nyala run --help\".\n"), (exitCode, error));
        Assert.Empty(server.Calls());
        Assert.False(File.Exists(_place.In("ran")));
        Assert.Equal(0, (await _place.RunAsync(null, "run", $"--message={words[1]}", "--", "true", words[0], words[1])).ExitCode);
    }

    [Fact]
    public async Task A_command_that_starts_with_a_dash_can_be_run_after_two_dashes()
    {
        Script("-deploy", "#!/bin/sh\necho \"$1\"\n");

        (int exitCode, byte[] output, _) = await _place.RunAsync(null, "run", "--", "./-deploy", "--siet");

        Assert.Equal((0, "--siet\n"), (exitCode, Encoding.UTF8.GetString(output)));
        Assert.Equal(127, (await _place.RunAsync(null, "run", "--", "-no-such-command")).ExitCode);
    }

    [Fact]
    public async Task If_git_refuses_the_repository_the_commit_of_the_CI_job_is_reported()
    {
        const string Sha = "1111111111111111111111111111111111111111";
        _place.Shell(Repository);
        await using FakeNyala server = await FakeNyala.StartAsync();
        using NyalaProcess run = _place.Start(
            server.Address, [("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"), ("GITHUB_ACTIONS", "true"), ("GITHUB_SHA", Sha), ("GITHUB_REF", "refs/heads/topic")], "run", "--", "true");

        (int exitCode, _, string error) = await run.EndAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains("nyala: git cannot read the commit: detected dubious ownership in repository at", error, StringComparison.Ordinal);
        Assert.Contains($"The report uses the commit from GitHub Actions: {Sha}.", error, StringComparison.Ordinal);
        Call start = server.Calls()[0];
        Assert.Equal(($"/api/deployments/{Sha}", "topic"), (start.Path, start["branch"]));
    }

    [Theory]
    [InlineData("", "The report does not contain the commit's id, branch, author and message.")]
    [InlineData("--id v1", "The report does not contain the commit's branch, author and message.")]
    [InlineData("--id v1 --branch main --author Ann", "The report does not contain the commit's message.")]
    [InlineData("--id v1 --branch main --author Ann --message Hi", null)]
    public async Task If_git_refuses_the_repository_the_missing_facts_are_named_with_the_reason(string options, string? says)
    {
        _place.Shell(Repository);
        await using FakeNyala server = await FakeNyala.StartAsync();
        using NyalaProcess run = _place.Start(
            server.Address, [("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")], ["run", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--", "true"]);

        (int exitCode, _, string error) = await run.EndAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal(says is not null, error.Contains("nyala: git cannot read the commit: detected dubious ownership in repository at", StringComparison.Ordinal));
        Assert.Contains(says ?? "nyala: ", error, StringComparison.Ordinal);
    }

    private static (string Status, string? Reason) End(FakeNyala server)
    {
        Call end = server.Calls()[^1];
        return (end.Short, end["status_text"]);
    }

    private void Script(string name, string content)
    {
        File.WriteAllText(_place.In(name), content);
        _place.Shell($"chmod +x ./{name}");
    }
}
