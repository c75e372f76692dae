using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>A deployment whose reporter has gone silent is ended, and its hooks are notified.</summary>
public sealed class SilentDeploymentTests : DeliveryTest
{
    private const int Building = 1;
    private const int Success = 4;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Server.SubscribeAsync(Receiver.Url);
    }

    [Fact]
    public async Task A_silent_run_is_reported_as_failed_and_its_late_end_is_sent_once()
    {
        await ReportAsync("abc", Building, 120);
        Clock.Advance(TimeSpan.FromSeconds(119));
        await SignOfLifeAsync("abc");
        Clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal("1", (await Server.GetAsync("/api/deployments/abc"))["status"]);

        Received givenUp = await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), Receiver.NextAsync());
        Assert.Equal(("failed", "Given up: the deployer has sent nothing for 2 min."), (givenUp["status"], givenUp["statusText"]));
        Assert.InRange(Clock.GetUtcNow() - SignalClock.Beginning, TimeSpan.FromSeconds(239), TimeSpan.FromSeconds(300));

        await ReportAsync("abc", Success, 120);
        Received late = await Receiver.NextAsync();
        Assert.Equal(("success", ""), (late["status"], late["statusText"]));

        await ReportAsync("abc", Success, 120);
        await ReportAsync("marker", Success, 120);
        Assert.Equal("marker", (await Receiver.NextAsync())["id"]);
        Assert.Equal("4", (await Server.GetAsync("/api/deployments/abc"))["status"]);
    }

    [Fact]
    public async Task Silence_is_measured_from_the_start_of_the_server_after_a_restart()
    {
        await ReportAsync("long", Building, 600);
        await ReportAsync("short", Building, 30);
        await Server.StopAsync();
        Clock.Advance(TimeSpan.FromDays(1));
        await Server.StartAgainAsync();
        DateTimeOffset start = Clock.GetUtcNow();

        Assert.Equal("short", (await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), Receiver.NextAsync()))["id"]);
        Assert.True(Clock.GetUtcNow() - start >= TimeSpan.FromSeconds(30));
        Assert.Equal("1", (await Server.GetAsync("/api/deployments/long"))["status"]);

        Assert.Equal("long", (await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(10), Receiver.NextAsync()))["id"]);
        Assert.True(Clock.GetUtcNow() - start >= TimeSpan.FromSeconds(600));
    }

    [Fact]
    public async Task Many_silent_runs_with_longer_limits_do_not_hide_one_that_is_due()
    {
        for (int i = 0; i < 101; i++)
        {
            await ReportAsync("patient-" + i, Building, 86400);
        }

        await ReportAsync("short", Building, 30);
        await Server.StopAsync();
        Clock.Advance(TimeSpan.FromDays(2));
        await Server.StartAgainAsync();

        Assert.Equal("short", (await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), Receiver.NextAsync()))["id"]);
    }

    private async Task ReportAsync(string id, int status, int silentAfter)
    {
        JsonObject report = Some.Report(status, "run-of-" + id);
        report["silent_after"] = silentAfter;
        Assert.Equal(200, (await Server.PutAsync($"/api/deployments/{id}", report)).Code);
    }

    private async Task SignOfLifeAsync(string id) =>
        Assert.Equal(204, (await Server.PostAsync($"/api/deployments/{id}/log", new JsonArray())).Code);
}
