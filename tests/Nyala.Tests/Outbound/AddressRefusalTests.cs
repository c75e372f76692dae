using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound;

/// <summary>The address guard checks literal addresses when a hook is subscribed, and all addresses when the server connects.</summary>
public sealed class AddressRefusalTests(SharedServer shared)
{
    /// <summary>An address for the test, and one that other machines can reach, so that the server does not count as local.</summary>
    private const string Open = "http://127.0.0.1:0;http://0.0.0.0:0";

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://u:p@169.254.169.254/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://2852039166/")]
    public async Task Subscribing_a_metadata_address_returns_400_even_on_a_loopback_server(string url)
    {
        Reply reply = await shared.Server.PostAsync("/api/hooks", Some.Hook(url));

        Assert.Equal(400, reply.Code);
        Assert.Contains("cloud metadata", reply.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("Outbound:Allow", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_others_can_reach_calls_loopback_neither_by_address_nor_by_name()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestServer server = await TestServer.StartAsync(options => options.Urls = Open);

        Reply refused = await server.PostAsync("/api/hooks", Some.Hook(receiver.Url.AbsoluteUri));
        HookUnderTest named = await HookUnderTest.AddAsync(server, $"http://localhost:{receiver.Url.Port}/");
        await named.PublishAsync();

        Assert.Equal(400, refused.Code);
        AttemptRecord attempt = await named.AttemptAsync();
        Assert.Matches("^localhost:[0-9]+ resolves to (127.0.0.1|::1), which is not allowed: loopback. To allow it, add \"localhost\" to Outbound:Allow.$", attempt.Reason);
        Assert.Equal(DeliveryState.Pending, (await named.DeliveryAsync()).State);
        Assert.Equal(0, receiver.Count);
    }

    [Fact]
    public async Task An_address_in_Outbound_Allow_is_called()
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
