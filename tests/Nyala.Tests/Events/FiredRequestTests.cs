using Nyala.Tests.Support;

namespace Nyala.Tests.Events;

/// <summary>"The request fired": what a receiver gets.</summary>
public sealed class FiredRequestTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task A_deployments_end_calls_the_hook_before_the_report_is_answered()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string site = Some.Site();
        await _server.SubscribeAsync(receiver.Url, path: $"/sites/{site}/api/hooks");

        Reply reply = await _server.PutAsync($"/sites/{site}/api/deployments/{Some.DeploymentId()}", Some.Report());

        Assert.Equal(200, reply.Code);
        Assert.Equal(1, receiver.Count);
        Assert.Equal("success", (await receiver.NextAsync())["status"]);
    }
}
