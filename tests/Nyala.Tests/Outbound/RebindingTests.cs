using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound;

/// <summary>DNS rebinding: the addresses of a name change between attempts. Each connection is checked by the address that it uses.</summary>
public sealed class RebindingTests
{
    private const string Open = "http://127.0.0.1:0;http://0.0.0.0:0";
    private const string Host = "rebind.example";

    [Theory]
    [InlineData("127.0.0.1", "10.0.0.1", "private network")]
    [InlineData("127.0.0.1", "127.0.0.2", "loopback")]
    [InlineData("127.0.0.1", "::ffff:10.0.0.1", "private network")]
    [InlineData("127.0.0.1", "169.254.169.254", "cloud metadata")]
    [InlineData(Host, "169.254.169.254", "cloud metadata")]
    [InlineData(Host, "64:ff9b::a9fe:a9fe", "cloud metadata (it contains 169.254.169.254)")]
    [InlineData(Host, "169.254.1.1", "link-local")]
    public async Task A_name_that_later_resolves_to_a_refused_address_is_not_called_again(string allowed, string later, string rule)
    {
        var resolver = new ScriptedResolver(["127.0.0.1"], [later]);
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestServer server = await StartAsync(resolver, allowed);
        HookUnderTest hook = await HookUnderTest.AddAsync(server, Url(receiver));
        receiver.AnswerNext(new Answer(200, "", ("Connection", "close")));

        await hook.PublishAsync();
        await hook.PublishAsync();

        Assert.Equal(1, receiver.Count);
        Assert.Equal(2, resolver.Count);
        DeliveryRecord refused = Assert.Single(await hook.DeliveriesAsync(), delivery => delivery.State == DeliveryState.Pending);
        string? reason = (await server.Store.ReadAsync(tables => tables.Deliveries.Attempts(refused.Id), TestContext.Current.CancellationToken))[0].Reason;
        Assert.StartsWith($"{Host}:{receiver.Url.Port} resolves to {later}, which is not allowed: {rule}.", reason, StringComparison.Ordinal);

        // A refusal never suggests how to allow the metadata address of a cloud.
        Assert.Equal(!rule.StartsWith("cloud metadata", StringComparison.Ordinal), reason!.Contains("Outbound:Allow", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "::1")]
    [InlineData("127.0.0.1", "93.184.216.34", "192.168.0.1")]
    public async Task One_refused_address_among_several_refuses_the_host(params string[] addresses)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestServer server = await StartAsync(new ScriptedResolver(addresses), "127.0.0.1");
        HookUnderTest hook = await HookUnderTest.AddAsync(server, Url(receiver));

        await hook.PublishAsync();

        Assert.Contains("which is not allowed", (await hook.AttemptAsync()).Reason, StringComparison.Ordinal);
        Assert.Equal(0, receiver.Count);
    }

    [Fact]
    public async Task A_name_is_resolved_once_for_each_connection_and_the_checked_address_is_used()
    {
        var resolver = new ScriptedResolver(["127.0.0.1"], ["10.0.0.1"]);
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestServer server = await StartAsync(resolver, Host);
        HookUnderTest hook = await HookUnderTest.AddAsync(server, Url(receiver));

        await hook.PublishAsync();

        Assert.Equal((200, 1), ((await hook.AttemptAsync()).Status, resolver.Count));
    }

    [Fact]
    public async Task A_name_without_addresses_fails_as_unknown()
    {
        await using TestServer server = await StartAsync(new ScriptedResolver([[]]), Host);
        HookUnderTest hook = await HookUnderTest.AddAsync(server, $"http://{Host}/");

        await hook.PublishAsync();

        Assert.Equal("The host name was not found.", (await hook.AttemptAsync()).Reason);
    }

    private static string Url(Receiver receiver) => $"http://{Host}:{receiver.Url.Port}{receiver.Url.AbsolutePath}";

    private static Task<TestServer> StartAsync(IResolver resolver, string allowed) => TestServer.StartAsync(
        options =>
        {
            options.Urls = Open;
            options.Outbound.Allow = [allowed];
        },
        replace: services => services.AddSingleton(resolver));
}
