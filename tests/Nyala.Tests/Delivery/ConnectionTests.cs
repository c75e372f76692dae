using System.Net.Sockets;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>How connections are reused between deliveries.</summary>
public sealed class ConnectionTests(SharedServer shared)
{
    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Many_deliveries_to_one_host_share_few_connections()
    {
        const int Deliveries = 300;
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);

        for (int i = 0; i < Deliveries; i++)
        {
            await hook.PublishSoonAsync();
        }

        await hook.SettledAsync();
        Assert.Equal(Deliveries, receiver.Count);

        // About one for each attempt in flight. With only two idle connections per host, as some senders keep, nearly every delivery would open one.
        Assert.InRange(receiver.Connections, 1, 17);
    }

    [Fact]
    public async Task Hooks_on_one_host_share_a_connection()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        for (int i = 0; i < 5; i++)
        {
            HookUnderTest hook = await HookUnderTest.AddAsync(_server, $"{receiver.Url}?hook={i}");
            await hook.PublishAsync();
        }

        Assert.Equal((5, 1), (receiver.Count, receiver.Connections));
    }

    [Fact]
    public async Task An_attempt_on_a_dead_connection_is_sent_again_at_once_and_counted_once()
    {
        // Responds to the first request on its first connection, reads the second one and closes without a response.
        await using var receiver = new RawReceiver(First(async connection =>
        {
            await connection.SendAsync(Ascii(Answer));
            await RawReceiver.ReadRequestAsync(connection, TestContext.Current.CancellationToken);
        }));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver.Url);

        await hook.PublishAsync();
        await hook.PublishAsync();

        Assert.Equal(2, receiver.Connections);
        Assert.All(await hook.DeliveriesAsync(), delivery => Assert.Equal((DeliveryState.Delivered, 1), (delivery.State, delivery.Attempts)));
    }

    [Fact]
    public async Task An_attempt_on_a_connection_that_is_reset_is_sent_again_and_counted_once()
    {
        await using var receiver = new RawReceiver(First(async connection =>
        {
            await connection.SendAsync(Ascii(Answer));
            await RawReceiver.ReadRequestAsync(connection, TestContext.Current.CancellationToken);
            connection.LingerState = new LingerOption(true, 0);
        }));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver.Url);

        await hook.PublishAsync();
        await hook.PublishAsync();

        Assert.All(await hook.DeliveriesAsync(), delivery => Assert.Equal((DeliveryState.Delivered, 1), (delivery.State, delivery.Attempts)));
    }

    [Fact]
    public async Task An_attempt_on_a_new_connection_that_gets_no_response_is_counted()
    {
        await using var receiver = new RawReceiver(RawReceiver.Say(""));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver.Url);

        await hook.PublishAsync();

        Assert.Equal(1, receiver.Connections);
        Assert.Equal((DeliveryState.Pending, 1), ((await hook.DeliveryAsync()).State, (await hook.DeliveryAsync()).Attempts));
    }

    [Theory]
    [InlineData("H")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n123")]
    public async Task An_attempt_is_counted_if_a_single_byte_of_the_response_has_arrived(string begun)
    {
        await using var receiver = new RawReceiver(First(async connection =>
        {
            await connection.SendAsync(Ascii(Answer));
            await RawReceiver.ReadRequestAsync(connection, TestContext.Current.CancellationToken);
            await connection.SendAsync(Ascii(begun));
        }));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver.Url);

        await hook.PublishAsync();
        await hook.PublishAsync();

        Assert.Equal(1, receiver.Connections);
        Assert.Equal([DeliveryState.Pending, DeliveryState.Delivered], (await hook.DeliveriesAsync()).Select(delivery => delivery.State).Order());
    }

    [Fact]
    public async Task An_attempt_on_a_dead_connection_is_sent_again_only_once()
    {
        int requests = 0;
        await using var receiver = new RawReceiver(async connection =>
        {
            // Only the first request gets a response; every connection dies after that.
            if (Interlocked.Increment(ref requests) == 1)
            {
                await connection.SendAsync(Ascii(Answer));
                await RawReceiver.ReadRequestAsync(connection, TestContext.Current.CancellationToken);
                requests++;
            }
        });
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver.Url);

        await hook.PublishAsync();
        await hook.PublishAsync();

        Assert.Equal(3, requests);
        Assert.Contains(await hook.DeliveriesAsync(), delivery => (delivery.State, delivery.Attempts) == (DeliveryState.Pending, 1));
    }

    /// <summary>Runs <paramref name="answer"/> on the first connection. The others get a response and stay open until the sender closes them.</summary>
    private static Func<Socket, Task> First(Func<Socket, Task> answer)
    {
        bool done = false;
        return async connection =>
        {
            if (!done)
            {
                done = true;
                await answer(connection);
                return;
            }

            await connection.SendAsync(Ascii(Answer));
        };
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
