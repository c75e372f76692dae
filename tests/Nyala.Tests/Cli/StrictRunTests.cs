using Nyala.Cli.Connection;
using Nyala.Cli.Spool;
using Nyala.Client;
using Nyala.Tests.Cli.Support;

namespace Nyala.Tests.Cli;

/// <summary><c>nyala run --strict</c>: the job fails if its deployment is not reported.</summary>
public sealed class StrictRunTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(400, "refused 2 reports for this deployment")]
    [InlineData(401, "does not accept the token")]
    [InlineData(403, "does not let this token report the deployment (No)")]
    [InlineData(500, "failed (No)")]
    public async Task A_strict_run_exits_with_75_if_its_report_is_not_delivered(int status, string reason)
    {
        await using FakeNyala server = await FakeNyala.StartAsync(_ => (status, """{"detail":"No."}"""));

        (int exitCode, _, string error) = await _place.RunAsync(server.Address, "run", "--strict", "--", "true");

        Assert.Equal(75, exitCode);
        string[] lines = error.TrimEnd('\n').Split('\n');
        Assert.Contains(reason, lines[^2], StringComparison.Ordinal);
        Assert.Equal("nyala: the command succeeded, but its report was not delivered. Exiting with 75 because of --strict.", lines[^1]);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_run_without_strict_exits_with_0_and_mentions_a_token_that_is_not_accepted_last(int status)
    {
        await using FakeNyala server = await FakeNyala.StartAsync(_ => (status, """{"detail":"No."}"""));

        (int exitCode, _, string error) = await _place.RunAsync(server.Address, "run", "--", "true");

        Assert.Equal(0, exitCode);
        Assert.Contains("token", error.TrimEnd('\n').Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strict_run_without_a_server_exits_with_75_and_prints_one_line_even_with_quiet()
    {
        (int exitCode, _, string error) = await _place.RunAsync(null, "run", "--strict", "--quiet", "--", "true");

        Assert.Equal((75, 1), (exitCode, error.Count(c => c == '\n')));
    }

    [Fact]
    public async Task A_strict_run_does_not_fail_because_a_report_of_an_earlier_run_is_refused()
    {
        await using FakeNyala server = await FakeNyala.StartAsync(call => call.Path.EndsWith("/earlier", StringComparison.Ordinal) ? (400, """{"detail":"No."}""") : FakeNyala.Fine(call));
        string run = new('a', 32);
        ReportStore.Of(_place.StateFolder, new ServerTarget(server.Address, null)).Add(
            SpoolName.Next(DateTimeOffset.UnixEpoch, run, 0).Name,
            SpooledReport.Of(null, "earlier", run, new DeploymentReport { Status = DeploymentStatus.Success }),
            server.Address.AbsoluteUri.TrimEnd('/'));

        (int exitCode, _, string error) = await _place.RunAsync(server.Address, "run", "--strict", "--", "true");

        Assert.Equal(0, exitCode);
        Assert.Contains("the server refused a report: No.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strict_run_keeps_the_exit_code_of_a_failed_command()
    {
        await using FakeNyala server = await FakeNyala.StartAsync(_ => (401, ""));

        Assert.Equal(3, (await _place.RunAsync(server.Address, "run", "--strict", "--", "sh", "-c", "exit 3")).ExitCode);
    }

    [Fact]
    public async Task A_strict_run_exits_with_0_if_its_reports_are_delivered()
    {
        await using FakeNyala server = await FakeNyala.StartAsync();

        Assert.Equal(0, (await _place.RunAsync(server.Address, "run", "--strict", "--", "true")).ExitCode);
    }
}
