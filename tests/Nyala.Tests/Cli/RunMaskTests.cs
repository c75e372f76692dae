using System.Text;
using Nyala.Cli.Connection;
using Nyala.Server.Access;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary><c>nyala run</c> masks its token, and the values that it is told to mask, in its reports.</summary>
public sealed class RunMaskTests : IDisposable
{
    private const string Secret = "s3cr3t/p4ssw0rd";

    private readonly Workplace _place = new();
    private readonly CliHarness _cli = new();

    public void Dispose()
    {
        _place.Dispose();
        _cli.Dispose();
    }

    [Fact]
    public async Task The_token_is_masked_in_the_log_and_not_in_the_output()
    {
        await using FakeNyala server = await FakeNyala.StartAsync();

        (int exitCode, byte[] output, _) = await _place.RunAsync(server.Address, "run", "--", "sh", "-c", "echo \"token $NYALA_TOKEN.\"; printf 'cut: %s' $NYALA_TOKEN");

        Assert.Equal((0, "token a-token.\ncut: a-token"), (exitCode, Encoding.UTF8.GetString(output)));
        Assert.Equal(["token ***.", "cut: ***"], Call.LinesIn(server.Calls()));
    }

    [Fact]
    public async Task A_token_from_the_option_is_masked_as_well_as_the_one_in_the_environment()
    {
        await using FakeNyala server = await FakeNyala.StartAsync();

        await _place.RunAsync(server.Address, "run", "--token", "another-token", "--", "echo", "a-token another-token", TokenHash.CreateToken());

        Assert.Equal(["*** *** ***"], Call.LinesIn(server.Calls()));
    }

    [Fact]
    public async Task The_token_of_the_local_server_is_masked()
    {
        await using TestServer server = await TestServer.StartAsync();
        LocalServer.Save(_place.StateFolder, server.Address, server.DataFolder);

        (int exitCode, _, string error) = await _place.RunAsync(null, "run", "--id", "abc", "--strict", "--", "sh", "-c", $"cat {server.DataFolder}/admin-token; echo '{TestServer.Token}'; exit 3");

        Assert.Equal((3, true), (exitCode, error.Contains("reported: exit code 3", StringComparison.Ordinal)));
        Assert.Equal(
            ["***", "***", "Deployment failed."],
            (await server.GetAsync("/api/deployments/abc/log")).Json.EnumerateArray().Select(entry => entry.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Values_from_the_options_are_masked_in_the_log_the_message_and_the_reason()
    {
        await using FakeNyala server = await FakeNyala.StartAsync();
        using NyalaProcess run = _place.Start(
            server.Address,
            [("DB_PASSWORD", "hunter2"), ("PEM", "first line\nsecond line\n")],
            "run", "--mask", Secret, "--mask", "another value", "--mask-env", "DB_PASSWORD", "--mask-env", "PEM", "--message", $"with {Secret}", "--",
            $"./{Secret}");
        await run.EndAsync();
        await _place.RunAsync(server.Address, "run", "--mask", Secret, "--mask-env", "NYALA_TOKEN", "--", "printf", "%s\\n", $"<{Secret}>", "plain");

        IReadOnlyList<Call> calls = server.Calls();
        Assert.Equal(["with ***", "with ***"], calls.Take(2).Select(call => call["message"]));
        Assert.Contains("./***", calls[1]["status_text"], StringComparison.Ordinal);
        Assert.Equal(["<***>", "plain"], Call.LinesIn(calls));
        Assert.DoesNotContain(calls, call => call.Body.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Spooled_reports_are_masked()
    {
        await using FakeNyala server = await FakeNyala.StartAsync(_ => (401, ""));
        using NyalaProcess run = _place.Start(server.Address, [("DB_PASSWORD", "hunter2")], "run", "--mask-env", "DB_PASSWORD", "--", "sh", "-c", "echo \"$DB_PASSWORD $NYALA_TOKEN\"");
        await run.EndAsync();

        string[] files = Directory.GetFiles(_place.StateFolder, "*", SearchOption.AllDirectories);
        string[] texts = await Task.WhenAll(files.Select(file => File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)));
        Assert.Contains(texts, text => text.Contains("*** ***", StringComparison.Ordinal));
        Assert.DoesNotContain(texts, text => text.Contains("hunter2", StringComparison.Ordinal) || text.Contains("a-token", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(new[] { "--mask", "" }, "the value of --mask is too short to be masked: it must have a line of at least 6 characters.")]
    [InlineData(new[] { "--mask", "12345" }, "the value of --mask is too short to be masked")]
    [InlineData(new[] { "--mask=one\ntwo\n" }, "the value of --mask is too short to be masked")]
    [InlineData(new[] { "--mask-env", "SHORT" }, "the value of SHORT (--mask-env) is too short to be masked")]
    [InlineData(new[] { "--mask-env", "NOT_SET" }, "the environment variable 'NOT_SET' (--mask-env) is not set or is empty. Correct its name, or leave the option out.")]
    public async Task A_value_that_cannot_be_masked_is_refused_before_the_command_starts(string[] options, string reason)
    {
        _cli["SHORT"] = "12345";

        (int exitCode, string output, string error) = await _cli.RunAsync(["run", .. options, "--", "touch", _place.In("started")]);

        Assert.Equal((Nyala.Cli.ExitCode.WrongUsage, ""), (exitCode, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.DoesNotContain("12345", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_place.In("started")));
    }
}
