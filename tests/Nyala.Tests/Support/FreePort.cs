using System.Net;
using System.Net.Sockets;

namespace Nyala.Tests.Support;

/// <summary>
/// Gives out ports of this machine on which no program listens, each once. They are below the ports that systems assign automatically (from 32768 on Linux,
/// 49152 elsewhere), so that no connection or listener of another test takes one in the meantime.
/// </summary>
internal static class FreePort
{
    private const int Lowest = 20_000;
    private const int Count = 12_000;

    // Two runs at the same time on one machine start at different ports.
    private static int _given = Environment.ProcessId;

    public static int Next()
    {
        while (true)
        {
            int port = Lowest + (int)((uint)Interlocked.Increment(ref _given) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // A program of this machine uses the port.
            }
        }
    }
}
