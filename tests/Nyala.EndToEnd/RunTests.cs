using System.Diagnostics;
using System.Text.Json;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary><c>nyala run</c> and the other verbs against a real server.</summary>
public sealed class RunTests : IDisposable
{
    private const string Repository =
        "git init -q -b trunk && git -c user.name=Ann -c user.email=ann@example.com -c commit.gpgSign=false commit -q --allow-empty -m 'Say hello' && git rev-parse HEAD";

    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task A_good_and_a_bad_run_of_one_commit_are_two_callbacks()
    {
        string commit = _machine.Shell(Repository);
        int port = Receiver.FreePort();
        await using Receiver receiver = await Receiver.StartAsync(port);
        using Process server = await _machine.ServeAsync(Receiver.FreePort());
        try
        {
            Assert.Equal("nyala: keep the secret now, it is not shown again. Receivers verify the signature with it.\n", (await _machine.RunAsync("hooks", "add", $"http://127.0.0.1:{port}/")).Error);

            Assert.Equal(0, (await _machine.RunAsync("run", "--", "sh", "-c", "echo one; echo two >&2")).ExitCode);
            JsonElement good = await receiver.NextAsync();
            Assert.Equal(3, (await _machine.RunAsync("run", "--", "sh", "-c", "exit 3")).ExitCode);
            JsonElement bad = await receiver.NextAsync();

            Assert.Equal(
                (commit, "success", "", "Ann", "Say hello", "trunk", 1),
                (Text(good, "id"), Text(good, "status"), Text(good, "statusText"), Text(good, "author"), Text(good, "message"), Text(good, "branch"), good.GetProperty("run").GetInt32()));
            Assert.Equal(
                (commit, "failed", "exit code 3", 2),
                (Text(bad, "id"), Text(bad, "status"), Text(bad, "statusText"), bad.GetProperty("run").GetInt32()));
        }
        finally
        {
            await StopAsync(server);
        }
    }

    [Fact]
    public async Task The_log_of_a_run_is_what_the_command_printed()
    {
        using Process server = await _machine.ServeAsync(Receiver.FreePort());
        try
        {
            await _machine.RunAsync("run", "--id", "v1", "--site", "shop", "--", "sh", "-c", "for i in 1 2 3; do echo line $i; done");

            (int exitCode, string log, string error) = await _machine.RunAsync("deployments", "log", "v1", "--site", "shop");
            (_, string list, _) = await _machine.RunAsync("deployments", "list", "--json");

            Assert.Equal((0, ""), (exitCode, error));
            Assert.Equal(["line 1", "line 2", "line 3"], log.Split('\n').Where(line => line.Contains("line", StringComparison.Ordinal)).Select(line => line[22..]));
            JsonElement deployment = Assert.Single(JsonDocument.Parse(list).RootElement.EnumerateArray());
            Assert.Equal(("v1", 4, "shop"), (Text(deployment, "id"), deployment.GetProperty("status").GetInt32(), Text(deployment, "site_name")));
        }
        finally
        {
            await StopAsync(server);
        }
    }

    [Fact]
    public async Task A_server_that_dies_while_a_run_goes_hears_all_of_it_once_it_is_back()
    {
        int receiverPort = Receiver.FreePort();
        int serverPort = Receiver.FreePort();
        await using Receiver receiver = await Receiver.StartAsync(receiverPort);
        Process server = await _machine.ServeAsync(serverPort);
        try
        {
            Assert.Equal(0, (await _machine.RunAsync("hooks", "add", $"http://127.0.0.1:{receiverPort}/")).ExitCode);
            using Process run = _machine.Start("run", "--id", "v1", "--", "sh", "-c", "echo before; read line; echo after");
            Assert.Equal("before", await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

            server.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
            server.Dispose();
            await run.StandardInput.WriteLineAsync("go");
            await run.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            Assert.Equal("after", await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            server = await _machine.ServeAsync(serverPort);

            Assert.Equal(0, (await Machine.EndAsync(run)).ExitCode);
            Assert.Equal(0, (await _machine.RunAsync("spool", "send")).ExitCode);
            JsonElement callback = await receiver.NextAsync();
            (_, string log, _) = await _machine.RunAsync("deployments", "log", "v1");

            Assert.Equal(("v1", "success", 1), (Text(callback, "id"), Text(callback, "status"), callback.GetProperty("run").GetInt32()));
            Assert.Equal(["before", "after"], log.Split('\n').Where(line => line.EndsWith("before", StringComparison.Ordinal) || line.EndsWith("after", StringComparison.Ordinal)).Select(line => line[22..]));
        }
        finally
        {
            await StopAsync(server);
        }
    }

    private static async Task StopAsync(Process server)
    {
        server.Kill();
        await server.WaitForExitAsync(CancellationToken.None);
        server.Dispose();
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
