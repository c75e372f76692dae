using System.Text;
using Nyala.Cli.Connection;
using Nyala.Cli.Spool;
using Nyala.Client;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary><c>nyala run</c> when reports cannot be sent or kept as usual.</summary>
public sealed class RunReportingTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_server_that_starts_during_a_run_gets_all_reports_in_order()
    {
        int port = FreePort.Next();
        using NyalaProcess run = _place.Start(
            new Uri($"http://127.0.0.1:{port}"), "run", "--id", "abc", "--", "sh", "-c", "echo one; read line; echo two");
        await run.PrintsAsync("one");
        await using FakeNyala server = await FakeNyala.StartAsync(port: port);
        run.Type("go\n");

        Assert.Equal(0, (await run.EndAsync()).ExitCode);

        IReadOnlyList<Call> calls = server.Calls();
        Assert.Equal("status 2", calls[0].Short);
        Assert.Equal("status 4", calls[^1].Short);
        Assert.Equal(["one", "two"], Call.LinesIn(calls));
    }

    [Fact]
    public async Task A_run_first_sends_the_reports_that_an_earlier_run_kept()
    {
        await using FakeNyala server = await FakeNyala.StartAsync();
        var store = ReportStore.Of(_place.StateFolder, new ServerTarget(server.Address, null));
        store.Add(
            SpoolName.Next(DateTimeOffset.UnixEpoch, new string('a', 32), 0).Name,
            SpooledReport.Of(null, "before", new string('a', 32), new DeploymentReport { Status = DeploymentStatus.Success }),
            "an address");

        await _place.RunAsync(server.Address, "run", "--id", "now", "--", "true");

        Assert.Equal(["/api/deployments/before", "/api/deployments/now", "/api/deployments/now"], server.Calls().Select(call => call.Path));
    }

    [Fact]
    public async Task The_first_report_to_an_unknown_site_says_that_the_site_was_created()
    {
        await using TestServer server = await TestServer.StartAsync();
        string[] line = ["run", "--token", TestServer.Token, "--site", "shpo", "--", "true"];
        const string Told = "nyala: this created the new site 'shpo'. If that is a typo, run \"nyala sites remove shpo --yes\".\n";

        Assert.StartsWith(Told, (await _place.RunAsync(server.Address, line)).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("created the new site", (await _place.RunAsync(server.Address, line)).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("created the new site", (await _place.RunAsync(server.Address, [.. line[..3], .. line[5..]])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_reports_does_not_affect_the_command()
    {
        await using FakeNyala server = await FakeNyala.StartAsync(_ => (400, """{"detail":"No."}"""));

        (int exitCode, byte[] output, string error) = await _place.RunAsync(server.Address, "run", "--", "echo", "hello");

        Assert.Equal((0, "hello\n"), (exitCode, Encoding.UTF8.GetString(output)));
        Assert.Contains("nyala: the server refused a report: No.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task If_the_token_is_not_accepted_the_run_says_so_and_keeps_the_reports()
    {
        await using FakeNyala server = await FakeNyala.StartAsync(_ => (401, ""));

        (int exitCode, _, string error) = await _place.RunAsync(server.Address, "run", "--", "true");

        // One request at the start and one at the end: more attempts with the same token are useless.
        Assert.Equal(0, exitCode);
        Assert.InRange(server.Calls().Count, 1, 2);
        Assert.Contains("does not accept the token", error, StringComparison.Ordinal);
        Assert.Contains("2 reports are kept", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_are_sent_even_if_the_state_folder_cannot_be_created()
    {
        // A file in place of the folder, because permissions do not stop root.
        await File.WriteAllTextAsync(_place.StateFolder, "", TestContext.Current.CancellationToken);
        await using FakeNyala server = await FakeNyala.StartAsync();

        Assert.Equal(0, (await _place.RunAsync(server.Address, "run", "--", "true")).ExitCode);

        Assert.Equal(["status 2", "status 4"], server.Calls().Select(call => call.Short));
    }
}
