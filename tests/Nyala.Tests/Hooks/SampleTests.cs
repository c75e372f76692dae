using System.Text.Json;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary>Samples of what a hook receives.</summary>
public sealed class SampleTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;
    private readonly string _site = Some.Site();

    private string Samples => $"/sites/{_site}/api/hooks/samples";

    [Theory]
    [InlineData("PostDeployment", "success")]
    [InlineData("postdeployment", "success")]
    [InlineData("DeploymentStarted", "building")]
    [InlineData("*", "success")]
    public async Task Without_events_there_is_one_static_sample(string type, string status)
    {
        JsonElement sample = Assert.Single((await _server.GetAsync($"{Samples}/{type}")).Json.EnumerateArray());

        Assert.Equal((status, _site), (sample.GetProperty("status").GetString(), sample.GetProperty("siteName").GetString()));
    }

    [Fact]
    public async Task The_newest_bodies_of_the_type_at_the_site_come_first_exactly_as_they_were_delivered()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, path: $"/sites/{_site}/api/hooks");
        foreach (int status in (int[])[4, 3])
        {
            await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report(status));
        }

        await _server.PutAsync($"/sites/{Some.Site()}/api/deployments/{Some.DeploymentId()}", Some.Report());
        await _server.SendAsync(HttpMethod.Post, $"/sites/{_site}/api/hooks/publish/other", "{}");
        IReadOnlyList<Received> received = await receiver.ManyAsync(2);

        Reply two = await _server.GetAsync($"{Samples}/PostDeployment");
        Reply one = await _server.GetAsync($"{Samples}/PostDeployment?limit=1");

        Assert.Equal(received.Reverse().Select(one => one.Text), two.Json.EnumerateArray().Select(body => body.GetRawText()));
        Assert.Equal(received[1].Text, Assert.Single(one.Json.EnumerateArray()).GetRawText());
    }

    [Fact]
    public async Task A_type_of_a_publisher_has_samples_only_once_it_was_published()
    {
        Reply before = await _server.GetAsync($"{Samples}/own");
        await _server.SendAsync(HttpMethod.Post, $"/sites/{_site}/api/hooks/publish/own", """{"a":"ü"}""", ("Prefer", "respond-async"));

        Assert.Equal(("[]", """[{"a":"ü"}]"""), (before.Text, (await _server.GetAsync($"{Samples}/own")).Text));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("11")]
    [InlineData("x")]
    public async Task A_limit_out_of_range_is_refused(string limit) => Assert.Equal(400, (await _server.GetAsync($"{Samples}/PostDeployment?limit={limit}")).Code);
}
