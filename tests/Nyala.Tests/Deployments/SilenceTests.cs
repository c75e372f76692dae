using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deployments;

/// <summary>Reported deployments whose reporter goes silent.</summary>
public sealed class SilenceTests
{
    private const string Path = "/api/deployments/one";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_running_deployment_ends_as_failed_after_an_hour_of_silence_and_sends_a_webhook()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        await using Receiver receiver = await Receiver.StartAsync();
        await server.SubscribeAsync(receiver.Url);
        await server.PutAsync(Path, Some.Report(1));

        clock.Advance(Hour - TimeSpan.FromSeconds(10));
        Assert.Equal("1", (await server.GetAsync(Path))["status"]);
        clock.Advance(TimeSpan.FromSeconds(20));

        Received received = await receiver.NextAsync();
        Assert.Equal(("failed", "Given up: the deployer has sent nothing for 1 h."), (received["status"], received["statusText"]));
        Reply given = await server.GetAsync(Path);
        Assert.Equal(("3", "Failed", received["statusText"]), (given["status"], given["provisioningState"], given["status_text"]));
        Assert.Contains(received["statusText"], (await server.GetAsync(Path + "/log")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_report_or_an_append_to_the_log_restarts_the_silence_limit(bool report)
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        await using Receiver receiver = await Receiver.StartAsync();
        await server.SubscribeAsync(receiver.Url);
        await server.PutAsync(Path, Some.Report(1));
        clock.Advance(TimeSpan.FromMinutes(40));
        await (report ? server.PutAsync(Path, Some.Report(2)) : server.SendAsync(HttpMethod.Post, Path + "/log", "[]"));
        JsonObject witness = Some.Report(1);
        witness["silent_after"] = 1800;
        await server.PutAsync("/api/deployments/witness", witness);

        // The check that gives up the witness would also give up the other deployment.
        clock.Advance(TimeSpan.FromMinutes(40));

        Assert.Equal("witness", (await receiver.NextAsync())["id"]);
        Assert.Equal("InProgress", (await server.GetAsync(Path))["provisioningState"]);
        clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal("one", (await receiver.NextAsync())["id"]);
    }

    [Fact]
    public async Task A_report_can_set_the_silence_limit_of_its_deployment()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        await using Receiver receiver = await Receiver.StartAsync();
        await server.SubscribeAsync(receiver.Url);
        JsonObject report = Some.Report(1);
        report["silent_after"] = 120;
        await server.PutAsync(Path, report);

        clock.Advance(TimeSpan.FromSeconds(130));

        Assert.Equal("Given up: the deployer has sent nothing for 2 min.", (await receiver.NextAsync())["statusText"]);
    }

    [Fact]
    public async Task The_late_end_of_a_deployment_that_was_given_up_is_accepted_once_and_sends_a_webhook()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        await using Receiver receiver = await Receiver.StartAsync();
        await server.SubscribeAsync(receiver.Url);
        await server.PutAsync(Path, Some.Report(1));
        clock.Advance(Hour + TimeSpan.FromSeconds(10));
        await receiver.NextAsync();

        Reply running = await server.PutAsync(Path, Some.Report(2));
        Reply end = await server.PutAsync(Path, Some.Report());
        Reply again = await server.PutAsync(Path, Some.Report());

        Assert.Equal((409, 200, 409), (running.Code, end.Code, again.Code));
        Assert.Equal("success", (await receiver.NextAsync())["status"]);
        Assert.Equal(2, receiver.Count);
    }

    [Fact]
    public async Task Downtime_of_the_server_does_not_count_as_silence_of_a_deployment()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        await using Receiver receiver = await Receiver.StartAsync();
        await server.SubscribeAsync(receiver.Url);
        await server.PutAsync(Path, Some.Report(1));
        await server.StopAsync();
        clock.Advance(TimeSpan.FromDays(3));
        await server.StartAgainAsync();
        JsonObject witness = Some.Report(1);
        witness["silent_after"] = 60;
        await server.PutAsync("/api/deployments/witness", witness);

        clock.Advance(Hour / 2);

        Assert.Equal("witness", (await receiver.NextAsync())["id"]);
        Assert.Equal("InProgress", (await server.GetAsync(Path))["provisioningState"]);
        clock.Advance(Hour);
        Assert.Equal("one", (await receiver.NextAsync())["id"]);
    }
}
