using System.Diagnostics;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary><c>nyala run</c> without a server that responds. Each test takes the ten seconds of the last attempt.</summary>
public sealed class RunOfflineTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_is_down_or_hangs_does_not_block_the_command_and_gets_the_reports_later(bool hangs)
    {
        int port = FreePort.Next();
        var address = new Uri($"http://127.0.0.1:{port}");
        FakeNyala? hanging = hangs ? await FakeNyala.StartAsync(_ => null, port) : null;
        var taken = Stopwatch.StartNew();
        using NyalaProcess run = _place.Start(address, "run", "--id", "abc", "--", "sh", "-c", "echo first; exit 6");
        Task printed = run.PrintsAsync("first");
        Assert.Same(printed, await Task.WhenAny(printed, hanging?.GivenUp ?? printed));

        (int exitCode, _, string error) = await run.EndAsync();

        Assert.Equal(6, exitCode);
        Assert.True(taken.Elapsed < TimeSpan.FromSeconds(35), $"The run took {taken.Elapsed}.");
        Assert.Contains("3 reports are kept", error, StringComparison.Ordinal);
        if (hanging is not null)
        {
            await hanging.DisposeAsync();
        }

        await using FakeNyala server = await FakeNyala.StartAsync(port: port);
        Assert.Equal((0, "nyala: 3 sent, 0 refused, 0 left.\n"), await SendAsync(server.Address));
        IReadOnlyList<Call> calls = server.Calls();
        Assert.Equal(["status 2", "POST", "status 3"], calls.Select(call => call.Short.Split(" /")[0]));
        Assert.Equal(["first"], Call.LinesIn(calls));
        Assert.Equal("exit code 6", calls[^1]["status_text"]);
    }

    private async Task<(int ExitCode, string Error)> SendAsync(Uri server)
    {
        (int exitCode, _, string error) = await _place.RunAsync(server, "spool", "send");
        return (exitCode, error);
    }
}
