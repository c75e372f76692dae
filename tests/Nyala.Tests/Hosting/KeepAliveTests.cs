using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hosting;

/// <summary>A client that is gone without a word is noticed, whatever it was in the middle of.</summary>
public sealed class KeepAliveTests(SharedServer shared)
{
    /// <summary>Columns of <c>/proc/net/tcp</c> (proc_net_tcp.txt of the kernel's documentation).</summary>
    private const int Local = 1, Remote = 2, Timer = 5;

    private const string KeepAliveTimer = "02";

    [Fact]
    public async Task The_system_asks_after_a_peer_that_is_silent()
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
