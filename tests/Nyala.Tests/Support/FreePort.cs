using System.Net;
using System.Net.Sockets;

namespace Nyala.Tests.Support;

/// <summary>
/// Ports of this machine where nobody listens, each given out once. They lie below those that systems give to programs that ask for any
/// port (from 32768 on Linux, 49152 elsewhere), so that no connection and no listener of another test takes one in the meantime.
/// </summary>
internal static class FreePort
{
    private const int Lowest = 20_000;
    private const int Count = 12_000;

    // Two runs at a time on one machine begin at different places.
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
                // A program of this machine has it.
            }
        }
    }
}
