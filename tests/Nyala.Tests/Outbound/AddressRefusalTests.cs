using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound;

/// <summary>The address guard at its two doors: at subscribing for literal addresses, at each connect for all.</summary>
public sealed class AddressRefusalTests(SharedServer shared)
{
    /// <summary>The test's own way in, and one that makes the server more than a local one.</summary>
    private const string Open = "http://127.0.0.1:0;http://0.0.0.0:0";

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://u:p@169.254.169.254/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://2852039166/")]
    public async Task Metadata_is_refused_at_subscribing_also_by_a_server_on_loopback(string url)
    {
        Reply reply = await shared.Server.PostAsync("/api/hooks", Some.Hook(url));

        Assert.Equal(400, reply.Code);
        Assert.Contains("cloud metadata", reply.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("Outbound:Allow", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_others_reach_calls_no_loopback_by_address_or_by_name()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestServer server = await TestServer.StartAsync(options => options.Urls = Open);

        Reply refused = await server.PostAsync("/api/hooks", Some.Hook(receiver.Url.AbsoluteUri));
        HookUnderTest named = await HookUnderTest.AddAsync(server, $"http://localhost:{receiver.Url.Port}/");
        await named.PublishAsync();

        Assert.Equal(400, refused.Code);
        AttemptRecord attempt = await named.AttemptAsync();
        Assert.Matches("^localhost:[0-9]+ is (127.0.0.1|::1), which is not called: loopback. Outbound:Allow with \"localhost\" would open it.$", attempt.Reason);
        Assert.Equal(DeliveryState.Pending, (await named.DeliveryAsync()).State);
        Assert.Equal(0, receiver.Count);
    }

    [Fact]
    public async Task What_the_operator_opens_is_called()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.Urls = Open;
            options.Outbound.Allow = ["127.0.0.1/32"];
        });
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver);

        await hook.PublishAsync();

        Assert.Equal(200, (await hook.AttemptAsync()).Status);
    }
}
