using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Nyala.Tests.Support;

/// <summary>A receiver that does not speak proper HTTP. It reads a request, and then passes the connection to the test's function.</summary>
internal sealed class RawReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly string _callback = Some.Callback();
    private readonly Func<Socket, Task> _answer;
    private readonly Task _serving;

    public RawReceiver(Func<Socket, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Root => $"http://{_listener.LocalEndpoint}";

    public string Url => Root + _callback;

    /// <summary>The number of connections that were accepted.</summary>
    public int Connections { get; private set; }

    /// <summary>The first line of the newest request.</summary>
    public string? RequestLine { get; private set; }

    /// <summary>Sends a text and closes the connection.</summary>
    public static Func<Socket, Task> Say(string text) => async connection =>
    {
        await connection.SendAsync(Encoding.ASCII.GetBytes(text));
        connection.Shutdown(SocketShutdown.Send);
    };

    /// <summary>Sends a text, and then another one again and again.</summary>
    public static Func<Socket, Task> SayForEver(string start, string more) => async connection =>
    {
        await connection.SendAsync(Encoding.ASCII.GetBytes(start));
        while (true)
        {
            await connection.SendAsync(Encoding.ASCII.GetBytes(more));
        }
    };

    /// <summary>Reads a request that ends with the body <c>{}</c>. Returns an empty text if the sender closes the connection.</summary>
    public static async Task<string> ReadRequestAsync(Socket connection, CancellationToken cancellationToken)
    {
        var request = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!request.ToString().EndsWith("{}", StringComparison.Ordinal))
        {
            int read = await connection.ReceiveAsync(buffer, cancellationToken);
            if (read == 0)
            {
                return "";
            }

            request.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return request.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using Socket connection = await _listener.AcceptSocketAsync(_end.Token);
                Connections++;
                await AnswerAsync(connection);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(Socket connection)
    {
        try
        {
            string request = await ReadRequestAsync(connection, _end.Token);
            if (request.Length == 0)
            {
                return;
            }

            RequestLine = request.Split("\r\n")[0];
            await _answer(connection);
        }
        catch (SocketException)
        {
            // The sender has closed the connection.
        }
    }
}
