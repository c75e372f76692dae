using System.Text.Json;
using Nyala.Cli.Connection;
using Nyala.Cli.Spool;
using Nyala.Client;
using Nyala.Tests.Cli.Support;

namespace Nyala.Tests.Cli;

/// <summary><c>nyala spool</c>: every kept report can be seen, and none is stuck at an address that no longer exists.</summary>
public sealed class SpoolVerbTests : IDisposable
{
    private const string Old = "http://old.example:8484";
    private const string Older = "http://older.example";

    private readonly CliHarness _cli = new();
    private long _ticks;

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Spool_list_shows_the_reports_for_every_address()
    {
        Keep(Old, "a");
        Keep(Old, "b");
        Refuse(Older, "c");

        (int exitCode, string output, string error) = await _cli.RunAsync("spool", "list");
        string json = (await _cli.RunAsync("spool", "list", "--json")).Out;

        Assert.Equal((0, $"nyala: 2 reports waiting for {Old}.\nnyala: 1 report refused by {Older}.\n"), (exitCode, error));
        Assert.All([Old, Older, "refused: No"], text => Assert.Contains(text, output, StringComparison.Ordinal));
        Assert.Equal(3, JsonDocument.Parse(json).RootElement.GetArrayLength());
    }

    [Fact]
    public async Task Reports_can_be_moved_to_another_server_and_are_sent_there_in_order()
    {
        Keep(Old, "a");
        Refuse(Old, "b");
        Keep(Old, "c");
        await using FakeNyala server = await FakeNyala.StartAsync();
        string address = server.Address.AbsoluteUri.TrimEnd('/');

        (int exitCode, _, string error) = await _cli.RunAsync("spool", "send", "--to", address, "--token", "new-token");

        Assert.Equal((0, $"nyala: moved 3 from {Old} to {address}.\nnyala: 3 sent, 0 refused, 0 left.\n"), (exitCode, error));
        IReadOnlyList<Call> calls = server.Calls();
        Assert.Equal(["/api/deployments/a", "/api/deployments/b", "/api/deployments/c"], calls.Select(call => call.Path));
        Assert.All(calls, call => Assert.Equal("Bearer new-token", call.Authorization));
        Assert.Equal("nyala: the spool is empty.\n", (await _cli.RunAsync("spool", "list")).Error);
    }

    [Fact]
    public async Task A_report_that_cannot_be_read_is_set_aside_and_the_reports_after_it_are_sent()
    {
        await using FakeNyala server = await FakeNyala.StartAsync();
        string address = server.Address.AbsoluteUri.TrimEnd('/');
        Keep(address, "a");
        Keep(address, "b");
        ReportStore store = Assert.Single(ReportStore.All(_cli.StateFolder)).Store;
        File.WriteAllText(Path.Combine(store.Folder, store.Names()[0]), "not a report");

        (int exitCode, _, string error) = await _cli.RunAsync("spool", "send", "--server", address);

        Assert.Equal(
            (1, "nyala: a report cannot be read by this version and was not sent. See \"nyala spool list\".\nnyala: 1 sent, 1 refused, 0 left.\n"), (exitCode, error));
        Assert.Equal(["/api/deployments/b"], server.Calls().Select(call => call.Path));
        Assert.Contains("it is not a report that this version can read", (await _cli.RunAsync("spool", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Moving_reports_requires_the_option_server_if_there_are_two_old_addresses()
    {
        Keep(Old, "a");
        Keep(Older, "b");
        await using FakeNyala server = await FakeNyala.StartAsync();

        (int refused, _, string reason) = await _cli.RunAsync("spool", "send", "--to", server.Address.AbsoluteUri);
        (int moved, _, string said) = await _cli.RunAsync("spool", "send", "--to", server.Address.AbsoluteUri, "--server", Older + "/");

        Assert.Equal((2, 0), (refused, moved));
        Assert.All([Old, Older, "--server"], text => Assert.Contains(text, reason, StringComparison.Ordinal));
        Assert.Contains($"moved 1 from {Older}", said, StringComparison.Ordinal);
        Assert.Equal(["/api/deployments/b"], server.Calls().Select(call => call.Path));
    }

    [Fact]
    public async Task Reports_that_already_wait_for_the_new_address_do_not_make_a_move_ambiguous()
    {
        await using FakeNyala server = await FakeNyala.StartAsync();
        string address = server.Address.AbsoluteUri.TrimEnd('/');
        Keep(address, "a");
        Keep(Old, "b");

        (int exitCode, _, string error) = await _cli.RunAsync("spool", "send", "--to", address);

        Assert.Equal((0, $"nyala: moved 1 from {Old} to {address}.\nnyala: 2 sent, 0 refused, 0 left.\n"), (exitCode, error));
        Assert.Equal(["/api/deployments/a", "/api/deployments/b"], server.Calls().Select(call => call.Path));
    }

    [Fact]
    public async Task Sending_a_report_that_the_server_refuses_exits_with_1()
    {
        await using FakeNyala server = await FakeNyala.StartAsync(_ => (400, """{"detail":"No."}"""));
        string address = server.Address.AbsoluteUri.TrimEnd('/');
        Keep(address, "a");

        (int exitCode, _, string error) = await _cli.RunAsync("spool", "send", "--server", address);

        Assert.Equal((1, true), (exitCode, error.EndsWith("nyala: 0 sent, 1 refused, 0 left.\n", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Sending_mentions_reports_that_wait_for_another_address()
    {
        Keep(Old, "a");
        await using FakeNyala server = await FakeNyala.StartAsync();
        string address = server.Address.AbsoluteUri.TrimEnd('/');

        (int exitCode, _, string error) = await _cli.RunAsync("spool", "send", "--server", address);

        Assert.Equal(
            (0, $"nyala: no reports are waiting for {address}.\nnyala: 1 report waiting for {Old}. Send them with \"nyala spool send --server {Old}\", or move them here by adding --to {address}.\n"),
            (exitCode, error));
    }

    [Fact]
    public async Task Reports_are_discarded_only_with_the_option_yes()
    {
        Keep(Old, "a");
        Refuse(Old, "b");

        (int asked, _, string question) = await _cli.RunAsync("spool", "discard");
        Assert.Equal((2, true), (asked, question.Contains("Add --yes", StringComparison.Ordinal)));
        Assert.Equal((0, "", $"nyala: discarded 2 for {Old}.\n"), await _cli.RunAsync("spool", "discard", "--server", Old, "--yes"));
        Assert.Equal((1, "", "nyala: the spool is empty.\n"), await _cli.RunAsync("spool", "discard", "--yes"));
    }

    [Theory]
    [InlineData("http://other.example", 1)]
    [InlineData("no url", 2)]
    public async Task Discarding_for_an_address_without_reports_fails_and_discards_nothing(string address, int code)
    {
        Keep(Old, "a");

        (int exitCode, _, string error) = await _cli.RunAsync("spool", "discard", "--yes", "--server", address);

        Assert.Equal(code, exitCode);
        Assert.NotEmpty(error);
        Assert.Single(ReportStore.Summaries(_cli.StateFolder));
    }

    [Fact]
    public async Task Reports_are_not_discarded_while_they_are_being_sent()
    {
        Keep(Old, "a");
        using IDisposable? sending = Store(Old).TryLock();

        (int exitCode, _, string error) = await _cli.RunAsync("spool", "discard", "--yes");

        Assert.Equal((1, $"nyala: another nyala process is sending to {Old}. Try again when it is done.\n"), (exitCode, error));
        Assert.Single(Store(Old).Names());
    }

    private ReportStore Store(string address) => ReportStore.Of(_cli.StateFolder, new ServerTarget(new Uri(address), null));

    private string Keep(string address, string id)
    {
        (string name, _ticks) = SpoolName.Next(DateTimeOffset.UnixEpoch, new string('a', 32), _ticks);
        Store(address).Add(name, SpooledReport.Of(null, id, new string('a', 32), new DeploymentReport { Status = DeploymentStatus.Success }), address);
        return name;
    }

    private void Refuse(string address, string id) => Store(address).Refuse(Keep(address, id), "No");
}
