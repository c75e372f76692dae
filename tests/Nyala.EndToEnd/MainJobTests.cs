using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>The main job: when a deployment ends, every hook gets a webhook.</summary>
public sealed class MainJobTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task A_successful_and_a_failed_deployment_reach_both_receivers_even_if_one_was_down()
    {
        string commit = _machine.Commit("Say hello");
        await using Receiver up = await Receiver.StartAsync();
        await using Receiver late = Receiver.Down();
        _machine.Variables["NYALA_DELIVERY__RETRYSCHEDULE"] = Schedule.Short;
        ServerProcess server = await _machine.ServeAsync();
        Hook heard = await AddAsync(server, up);
        Hook missed = await AddAsync(server, late);

        (int good, string output, _) = await _machine.DeployAsync("--site", "shop", "--", "sh", "-c", "echo one; echo two >&2");
        (int bad, _, _) = await _machine.DeployAsync("--site", "shop", "--", "sh", "-c", "exit 3");

        Assert.Equal((0, "one\n", 3), (good, output, bad));
        Assert.Equal("OK", await LastStatusAsync(server, heard).InTimeAsync());
        Assert.Equal("Failure", await LastStatusAsync(server, missed).InTimeAsync());
        await late.ListenAsync();
        foreach (Receiver receiver in (Receiver[])[up, late])
        {
            Received[] events = [await receiver.NextAsync(), await receiver.NextAsync()];

            // The retries may arrive in either order, because the hook is not ordered.
            AssertTells(events.Single(callback => callback["status"] == "success"), commit, run: 1, statusText: "");
            AssertTells(events.Single(callback => callback["status"] == "failed"), commit, run: 2, statusText: "exit code 3");
            Assert.Equal(2, events.Select(callback => callback.WebhookId).Distinct().Count());
        }
    }

    [Fact]
    public async Task The_log_of_a_reported_deployment_can_be_read_through_the_API()
    {
        string commit = _machine.Commit("Say hello");
        ServerProcess server = await _machine.ServeAsync();

        (int exitCode, _, string said) = await _machine.DeployAsync("--site", "shop", "--", "sh", "-c", "echo to out; echo to error >&2");

        Assert.Equal(0, exitCode);
        Assert.StartsWith("to error\n", said, StringComparison.Ordinal);
        IReadOnlyList<LogEntry> log = await server.Client.ForSite("shop").GetLogAsync(commit, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["to error", "to out"], log.Select(entry => entry.Message).Where(line => line.StartsWith("to ", StringComparison.Ordinal)).Order());
    }

    private static void AssertTells(Received callback, string commit, int run, string statusText)
    {
        Assert.Equal(
            (commit, "Ann", "ann@example.com", "Say hello", "trunk", "shop", statusText),
            (callback["id"], callback["author"], callback["authorEmail"], callback["message"], callback["branch"], callback["siteName"], callback["statusText"]));
        Assert.Equal((run, true), (callback.Json.GetProperty("run").GetInt32(), callback.Json.GetProperty("complete").GetBoolean()));
        Assert.Equal("PostDeployment", callback.Headers["Nyala-Event"]);
    }

    private static Task<Hook> AddAsync(ServerProcess server, Receiver receiver) =>
        server.Client.AddHookAsync(new HookRequest { Url = receiver.Url }, TestContext.Current.CancellationToken);

    /// <summary>Waits for the first attempt of the hook, and returns how its latest attempt ended.</summary>
    private static async Task<string> LastStatusAsync(ServerProcess server, Hook hook)
    {
        string? status;
        do
        {
            status = (await server.Client.GetHookAsync(hook.Id, TestContext.Current.CancellationToken)).LastStatus;
        }
        while (status is null);

        return status;
    }
}
