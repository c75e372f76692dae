using Microsoft.Extensions.Time.Testing;
using Nyala.Cli.Connection;
using Nyala.Cli.Run;
using Nyala.Server.Secrets;
using Nyala.Tests.Cli.Support;

namespace Nyala.Tests.Cli;

public sealed class ReporterTests : IDisposable
{
    private static readonly RunFacts Facts = new("abc", "Say hello", "root", "Ann", null, null);

    private readonly CliHarness _cli = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 2, 27, 17, 45, 6, TimeSpan.Zero));
    private readonly StringWriter _said = new();

    public void Dispose()
    {
        _cli.Dispose();
        _said.Dispose();
    }

    [Fact]
    public async Task A_run_without_output_sends_a_heartbeat_every_15_seconds()
    {
        await using FakeNyala server = await FakeNyala.StartAsync();
        using Reporter reporter = Start(server);
        Assert.Equal("status 2", (await server.NextAsync()).Short);
        DateTimeOffset before = _clock.GetUtcNow();

        Call first = await AdvanceToAsync(server.NextAsync());
        DateTimeOffset then = _clock.GetUtcNow();
        Call second = await AdvanceToAsync(server.NextAsync());

        Assert.Equal(("POST", "[]"), (first.Method, first.Body));
        Assert.Equal(("POST", "[]"), (second.Method, second.Body));
        Assert.InRange(then - before, TimeSpan.FromSeconds(14), TimeSpan.FromSeconds(20));
        await EndAsync(reporter);
    }

    [Fact]
    public async Task Lines_are_sent_during_the_run_and_the_end_is_sent_last()
    {
        await using FakeNyala server = await FakeNyala.StartAsync();
        using Reporter reporter = Start(server);
        Assert.Equal("status 2", (await server.NextAsync()).Short);

        reporter.AddLine("one");
        Call log = await AdvanceToAsync(server.NextAsync());
        reporter.AddLine("two");
        await EndAsync(reporter);

        Assert.Equal(["one"], Call.LinesIn([log]));
        IReadOnlyList<Call> rest = server.Calls();
        Assert.Equal(["two"], Call.LinesIn(rest));
        Assert.Equal("status 4", rest[^1].Short);
        Assert.Equal("nyala: deployment abc reported: success, 5 s.\n", _said.ToString());
    }

    [Fact]
    public async Task If_every_report_is_refused_the_reason_is_printed_once_with_a_summary_at_the_end()
    {
        await using FakeNyala server = await FakeNyala.StartAsync(_ => (404, """{"detail":"No."}"""));
        using Reporter reporter = Start(server);
        await server.NextAsync();
        reporter.AddLine("one");
        await EndAsync(reporter);

        Assert.Equal(
            $"""
            nyala: the server refused a report: No. See "nyala spool list".
            nyala: the server at {server.Address.AbsoluteUri.TrimEnd('/')} refused 3 reports for this deployment. See "nyala spool list".

            """,
            _said.ToString());
    }

    private Reporter Start(FakeNyala server)
    {
        var reporter = new Reporter(_cli.CommandEnvironment(TextWriter.Null, _said, _clock), new ServerTarget(server.Address, "t"), null, TextMask.TokensOnly, new RunNotices(_said, quiet: false));
        reporter.Start(_clock.GetUtcNow(), Task.FromResult(Facts));
        return reporter;
    }

    private Task EndAsync(Reporter reporter) =>
        reporter.EndAsync(RunResult.Of(0, 0), _clock.GetUtcNow().AddSeconds(-5), _clock.GetUtcNow(), CancellationToken.None);

    // After each step, the reporter has 50 ms to act before the clock advances again.
    private async Task<T> AdvanceToAsync<T>(Task<T> signal)
    {
        while (await Task.WhenAny(signal, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken)) != signal)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        return await signal;
    }
}
