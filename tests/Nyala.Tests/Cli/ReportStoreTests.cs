using Nyala.Cli.Connection;
using Nyala.Cli.Spool;
using Nyala.Client;
using Nyala.Tests.Cli.Support;

namespace Nyala.Tests.Cli;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ReportStoreTests : IDisposable
{
    private const string Run = "0123456789abcdef0123456789abcdef";

    private static readonly ServerTarget Server = new(new Uri("http://deploy.example:8484"), "a-token");
    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);

    private readonly TempFolder _state = new();

    private ReportStore Store => ReportStore.Of(_state.Path, Server);

    public void Dispose() => _state.Dispose();

    [Fact]
    public void Report_names_sort_in_order_of_creation_even_if_the_clock_is_set_back()
    {
        (string first, long ticks) = SpoolName.Next(Now, Run, 0);
        (string second, long later) = SpoolName.Next(Now.AddHours(-1), Run, ticks);
        (string third, _) = SpoolName.Next(Now.AddYears(7000), Run, later);

        Assert.Equal([first, second, third], new[] { third, first, second }.Order(StringComparer.Ordinal));
        Assert.Equal(Now, SpoolName.TimeOf(first));
        Assert.Equal(Run, SpoolName.RunOf(first));
    }

    [Theory]
    [InlineData("lock")]
    [InlineData("address")]
    [InlineData("0638000000000000000-x.json.tmp")]
    [InlineData("abc-0123456789abcdef0123456789abcdef.json")]
    public void Other_files_are_not_taken_for_reports(string name) => Assert.Null(SpoolName.TimeOf(name));

    [Fact]
    public void Each_server_has_a_separate_store()
    {
        string[] keys = [.. new[] { "http://a.example", "https://a.example", "http://a.example:81", "http://a.example/b" }.Select(url => ReportStore.KeyOf(new Uri(url)))];

        Assert.Equal(4, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^[A-Za-z0-9._-]+$", key));
        Assert.Equal(keys[0], ReportStore.KeyOf(new Uri("HTTP://A.example:80/")));
    }

    [Fact]
    public void A_stored_report_can_be_read_back_but_only_by_its_owner()
    {
        var report = new DeploymentReport { Status = DeploymentStatus.Success, Message = "grüße", EndTime = Now, Run = Run };
        (string name, _) = SpoolName.Next(Now, Run, 0);

        Store.Add(name, SpooledReport.Of("shop", "abc", Run, report), Server.Name);

        Assert.Equal([name], Store.Names());
        SpooledReport read = Store.Read(name)!;
        Assert.Equal(("shop", "abc"), read.Deployment);
        Assert.Equal("success", read.Kind);
        string file = Path.Combine(Store.Folder, name);
        Assert.DoesNotContain("a-token", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Store.Folder));
        Assert.Equal([Server.Name], ReportStore.All(_state.Path).Select(store => store.Address));
    }

    [Fact]
    public void Only_one_holder_at_a_time_has_the_lock_of_a_store()
    {
        using (IDisposable? first = Store.TryLock())
        {
            Assert.NotNull(first);
            Assert.Null(Store.TryLock());
        }

        using IDisposable? again = Store.TryLock();
        Assert.NotNull(again);
    }

    [Fact]
    public async Task Reports_are_sent_in_order_with_their_own_times()
    {
        Add("a", DeploymentStatus.Deploying, 0);
        AddLog("a", "one", 1);
        Add("a", DeploymentStatus.Success, 2);
        await using FakeNyala server = await FakeNyala.StartAsync();

        DrainResult result = await DrainAsync(server);

        Assert.Equal((3, 0, null), (result.Sent, result.Refused, result.Stopped));
        IReadOnlyList<Call> calls = server.Calls();
        Assert.Equal(["status 2", $"POST /api/deployments/a/log?run={Run}", "status 4"], calls.Select(call => call.Short));
        Assert.Contains("2026-02-27T17:45:06", calls[0].Body, StringComparison.Ordinal);
        Assert.All(calls, call => Assert.Equal("Bearer t", call.Authorization));
        Assert.Equal("respond-async", calls[2].Prefer);
        Assert.Empty(Store.Names());
    }

    [Fact]
    public async Task A_report_that_gets_400_is_set_aside_and_does_not_block_others()
    {
        Add("bad", DeploymentStatus.Success, 0);
        Add("good", DeploymentStatus.Success, 1);
        await using FakeNyala server = await FakeNyala.StartAsync(call => call.Path.EndsWith("/bad", StringComparison.Ordinal) ? (400, """{"detail":"End before start."}""") : FakeNyala.Fine(call));
        var told = new List<string>();

        DrainResult result = await DrainAsync(server, told);

        Assert.Equal((1, 1, null), (result.Sent, result.Refused, result.Stopped));
        Assert.Empty(Store.Names());
        (string name, string reason) = Assert.Single(Store.Refused());
        Assert.Equal("End before start", reason);
        Assert.Equal("bad", Store.ReadRefused(name)!.Id);
        Assert.Contains("End before start", Assert.Single(told), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    public async Task Reports_of_a_deployment_that_gets_403_or_500_wait_and_do_not_block_other_deployments(int status)
    {
        Add("stuck", DeploymentStatus.Deploying, 0);
        Add("stuck", DeploymentStatus.Success, 1);
        Add("other", DeploymentStatus.Success, 2);
        await using FakeNyala server = await FakeNyala.StartAsync(call => call.Path.EndsWith("/stuck", StringComparison.Ordinal) ? (status, "") : FakeNyala.Fine(call));

        DrainResult result = await DrainAsync(server);

        Assert.Equal((1, 0), (result.Sent, result.Refused));
        Assert.Equal(["/api/deployments/stuck", "/api/deployments/other"], server.Calls().Select(call => call.Path));
        Assert.Equal(2, Store.Names().Count);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Sending_stops_at_the_first_401_429_or_503(int status)
    {
        Add("a", DeploymentStatus.Success, 0);
        Add("b", DeploymentStatus.Success, 1);
        await using FakeNyala server = await FakeNyala.StartAsync(_ => (status, ""));

        DrainResult result = await DrainAsync(server);

        Assert.NotNull(result.Stopped);
        Assert.Single(server.Calls());
        Assert.Equal(2, Store.Names().Count);
    }

    [Fact]
    public async Task A_report_that_is_added_while_others_are_sent_is_sent_too()
    {
        Add("a", DeploymentStatus.Success, 0);
        int calls = 0;
        await using FakeNyala server = await FakeNyala.StartAsync(call =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                Add("b", DeploymentStatus.Success, 1);
            }

            return FakeNyala.Fine(call);
        });

        Assert.Equal(2, (await DrainAsync(server)).Sent);
        Assert.Empty(Store.Names());
    }

    [Fact]
    public async Task A_file_that_is_not_a_report_is_set_aside()
    {
        Add("a", DeploymentStatus.Success, 1);
        File.WriteAllText(Path.Combine(Store.Folder, SpoolName.Next(Now, Run, 0).Name), "{");
        await using FakeNyala server = await FakeNyala.StartAsync();

        DrainResult result = await DrainAsync(server);

        Assert.Equal((1, 1), (result.Sent, result.Refused));
        Assert.Empty(Store.Names());
    }

    private async Task<DrainResult> DrainAsync(FakeNyala server, List<string>? told = null)
    {
        using var sender = new ReportSender(new ServerTarget(server.Address, "t"), TimeProvider.System);
        return await sender.DrainAsync(Store, told is null ? _ => { } : told.Add, TestContext.Current.CancellationToken);
    }

    private void Add(string id, DeploymentStatus status, int second) => Store.Add(
        SpoolName.Next(Now.AddSeconds(second), Run, 0).Name,
        SpooledReport.Of(null, id, Run, new DeploymentReport { Status = status, StartTime = Now, Run = Run }),
        Server.Name);

    private void AddLog(string id, string line, int second) => Store.Add(
        SpoolName.Next(Now.AddSeconds(second), Run, 0).Name, SpooledReport.Of(null, id, Run, [new LogLine { Message = line }]), Server.Name);
}
