using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hosting;

/// <summary>TCP keep-alive detects a client that is gone without closing its connection.</summary>
public sealed class KeepAliveTests(SharedServer shared)
{
    /// <summary>Columns of <c>/proc/net/tcp</c> (proc_net_tcp.txt in the kernel's documentation).</summary>
    private const int Local = 1, Remote = 2, Timer = 5;

    private const string KeepAliveTimer = "02";

    [Fact]
    public async Task Accepted_connections_send_a_TCP_keep_alive_after_at_most_a_minute()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux shows the timers of its connections.");
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(IPAddress.Loopback, shared.Server.Address.Port, TestContext.Current.CancellationToken);
        string ours = Hex((IPEndPoint)client.Client.LocalEndPoint!);

        string[] taken = (await File.ReadAllLinesAsync("/proc/net/tcp", TestContext.Current.CancellationToken))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(columns => columns[Remote] == ours && columns[Local] == Hex((IPEndPoint)client.Client.RemoteEndPoint!));

        string[] timer = taken[Timer].Split(':');
        Assert.Equal(KeepAliveTimer, timer[0]);
        Assert.InRange(int.Parse(timer[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 100, 1, 60);
    }

    private static string Hex(IPEndPoint address) => $"{BitConverter.ToUInt32(address.Address.GetAddressBytes()):X8}:{address.Port:X4}";
}
