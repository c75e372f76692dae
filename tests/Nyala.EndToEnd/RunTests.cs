using System.Text.Json;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary><c>nyala run</c> and other commands against a real server.</summary>
public sealed class RunTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task The_log_of_a_run_contains_what_the_command_printed()
    {
        await _machine.ServeAsync();
        await _machine.DeployAsync("--id", "v1", "--site", "shop", "--", "sh", "-c", "for i in 1 2 3; do echo line $i; done");

        (int exitCode, string log, string error) = await _machine.RunAsync("deployments", "log", "v1", "--site", "shop");
        string list = await _machine.DoneAsync("deployments", "list", "--json");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(["line 1", "line 2", "line 3"], log.Split('\n').Where(line => line.Contains("line", StringComparison.Ordinal)).Select(line => line[22..]));
        JsonElement deployment = Assert.Single(JsonDocument.Parse(list).RootElement.EnumerateArray());
        Assert.Equal(
            ("v1", 4, "shop"),
            (deployment.GetProperty("id").GetString(), deployment.GetProperty("status").GetInt32(), deployment.GetProperty("site_name").GetString()));
    }

    [Fact]
    public async Task A_server_that_is_killed_during_a_run_gets_all_reports_after_its_restart()
    {
        int port = FreePort.Next();
        await using Receiver receiver = await Receiver.StartAsync();
        ServerProcess server = await _machine.ServeAsync(port);
        await _machine.DoneAsync("hooks", "add", receiver.Url);
        NyalaProcess run = _machine.Start("run", "--id", "v1", "--", "sh", "-c", "echo before; read line; echo after");
        await run.Out.HoldsAsync("before\n");

        await server.KillAsync();
        run.Type("go\n");
        await run.Out.HoldsAsync("after\n");
        await _machine.ServeAsync(port);

        Assert.Equal(0, (await run.EndAsync()).ExitCode);
        await _machine.SpoolSentAsync().InTimeAsync();
        Received callback = await receiver.NextAsync();
        string log = await _machine.DoneAsync("deployments", "log", "v1");

        Assert.Equal(("v1", "success", 1), (callback["id"], callback["status"], callback.Json.GetProperty("run").GetInt32()));
        Assert.Equal(
            ["before", "after"],
            log.Split('\n').Where(line => line.EndsWith("before", StringComparison.Ordinal) || line.EndsWith("after", StringComparison.Ordinal)).Select(line => line[22..]));
    }
}
