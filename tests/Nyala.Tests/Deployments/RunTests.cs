using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deployments;

/// <summary>The numbered runs of a deployment. The key in a report says which run it belongs to.</summary>
public sealed class RunTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;
    private readonly string _site = Some.Site();
    private readonly string _id = Some.DeploymentId();

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_repeated_key_returns_the_first_response_and_sends_no_second_webhook(int status)
    {
        await using Receiver receiver = await SubscribeAsync();
        Reply first = await ReportAsync(Some.Report(status, "key"));

        Reply again = await ReportAsync(Some.Report(4, "key"));

        Assert.Equal((200, first.Text), (again.Code, again.Text));
        Assert.Equal(1, receiver.Count);
    }

    [Fact]
    public async Task A_new_key_for_an_ended_deployment_starts_a_new_run_and_sends_its_webhook()
    {
        await using Receiver receiver = await SubscribeAsync();
        Reply first = await ReportAsync(Some.Report(3, "one"));

        Reply second = await ReportAsync(Some.Report(4, "two"));

        Assert.Equal((200, "1", "2"), (second.Code, first["run"], second["run"]));
        Assert.Equal("Succeeded", second["provisioningState"]);
        Assert.Equal(second.Text, (await _server.GetAsync(Path)).Text);
        Assert.Single((await _server.GetAsync($"/sites/{_site}/api/deployments")).Json.EnumerateArray());
        Received[] events = [await receiver.NextAsync(), await receiver.NextAsync()];
        Assert.Equal(["failed", "success"], events.Select(received => received["status"]));
        Assert.Equal(["1", "2"], events.Select(received => received["run"]));
        Assert.NotEqual(events[0].Header("webhook-id"), events[1].Header("webhook-id"));
    }

    [Fact]
    public async Task A_report_without_a_key_for_an_ended_deployment_returns_409()
    {
        await ReportAsync(Some.Report(4, "one"));

        Assert.Equal(409, (await ReportAsync(Some.Report())).Code);
    }

    [Fact]
    public async Task A_key_refers_to_its_run_even_after_a_newer_run_started()
    {
        await using Receiver receiver = await SubscribeAsync();
        await ReportAsync(Some.Report(1, "one"));
        await ReportAsync(Some.Report(1, "two"));

        Reply first = await ReportAsync(new JsonObject { ["status"] = 3, ["run"] = "one" });
        Reply newest = await _server.GetAsync(Path);

        Assert.Equal(("1", "3"), (first["run"], first["status"]));
        Assert.Equal(("2", "1"), (newest["run"], newest["status"]));
        Assert.Equal("1", (await receiver.NextAsync())["run"]);
    }

    [Fact]
    public async Task A_new_run_without_message_deployer_and_author_returns_400()
    {
        await ReportAsync(Some.Report(4, "one"));

        Assert.Equal(400, (await ReportAsync(new JsonObject { ["status"] = 4, ["run"] = "two" })).Code);
    }

    [Fact]
    public async Task The_same_key_for_another_deployment_is_a_separate_run()
    {
        await using Receiver receiver = await SubscribeAsync();
        await ReportAsync(Some.Report(4, "key"));

        await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report(4, "key"));

        Assert.Equal(2, receiver.Count);
    }

    [Theory]
    [InlineData(128, 200)]
    [InlineData(129, 400)]
    public async Task A_key_above_128_characters_returns_400(int length, int status) =>
        Assert.Equal(status, (await ReportAsync(Some.Report(4, new string('k', length)))).Code);

    [Fact]
    public async Task A_reported_rollback_becomes_the_active_deployment_and_the_last_success()
    {
        await ReportAsync(Some.Report(4, "one"));
        string newer = $"/sites/{_site}/api/deployments/{Some.DeploymentId()}";
        await _server.PutAsync(newer, Some.Report());

        Reply rollback = await ReportAsync(Some.Report(4, "two"));

        Assert.Equal("True", rollback["active"]);
        Assert.Equal("False", (await _server.GetAsync(newer))["active"]);
        Assert.Equal(rollback["end_time"], rollback["last_success_end_time"]);
    }

    private string Path => $"/sites/{_site}/api/deployments/{_id}";

    private Task<Reply> ReportAsync(JsonObject report) => _server.PutAsync(Path, report);

    private async Task<Receiver> SubscribeAsync()
    {
        Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, path: $"/sites/{_site}/api/hooks");
        return receiver;
    }
}
