using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Nyala.Bench.Front;

/// <summary>
/// Sends events over HTTP from a separate process, at almost no cost: every connection sends the same bytes again as soon as the response is complete. Only
/// responses with 202 count; any other ends the run. The process is kept for all rounds, so that its own code is compiled before the first measured one.
/// </summary>
internal sealed class LoadGenerator
{
    private const int BodyLength = 480;
    private const int MaxResponse = 8 * 1024;

    private volatile TaskCompletionSource? _hold;

    /// <summary>
    /// Obeys the lines of the input: <c>run</c> starts a run; <c>hold</c> and <c>go</c> stop and resume its connections. It prints <c>started</c> when all
    /// connections are open, then <c>accepted</c> with the number of events, or <c>failed</c> with the reason.
    /// </summary>
    public static async Task<int> ServeAsync()
    {
        var generator = new LoadGenerator();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["run", string url, string token, string connections, string seconds]:
                    generator.Go();
                    _ = generator.RunAsync(
                        new Uri(url), token, int.Parse(connections, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
                    break;
                case ["hold"]:
                    generator._hold ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    break;
                case ["go"]:
                    generator.Go();
                    break;
            }
        }

        return 0;
    }

    private void Go()
    {
        TaskCompletionSource? hold = _hold;
        _hold = null;
        hold?.SetResult();
    }

    private async Task RunAsync(Uri url, string token, int connections, TimeSpan duration)
    {
        var sockets = new List<Socket>();
        try
        {
            for (int i = 0; i < connections; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                sockets.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, url.Port);
            }

            await Console.Out.WriteLineAsync("started");
            byte[] request = Request(url, token);
            long end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
            long[] accepted = await Task.WhenAll(sockets.Select(socket => SendAsync(socket, request, end)));
            await Console.Out.WriteLineAsync($"accepted {accepted.Sum()}");
        }
        catch (Exception error)
        {
            // Whatever it is, the other process waits for a line.
            await Console.Out.WriteLineAsync($"failed {error.Message.ReplaceLineEndings(" ")}");
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    /// <returns>The number of accepted events.</returns>
    private async Task<long> SendAsync(Socket socket, byte[] request, long end)
    {
        byte[] buffer = new byte[MaxResponse];
        long accepted = 0;
        while (Stopwatch.GetTimestamp() < end)
        {
            if (_hold is { } hold)
            {
                await hold.Task;
                continue;
            }

            await socket.SendAsync(request);
            int filled = 0;
            do
            {
                int read = await socket.ReceiveAsync(buffer.AsMemory(filled));
                filled += read > 0 ? read : throw new BenchException($"The server closed a connection after: {Encoding.UTF8.GetString(buffer, 0, filled)}");
            }
            while (!IsComplete(buffer.AsSpan(0, filled)));

            accepted++;
        }

        return accepted;
    }

    /// <exception cref="BenchException">The response is not a 202 that has a length.</exception>
    private static bool IsComplete(ReadOnlySpan<byte> response)
    {
        int head = response.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return response.Length == MaxResponse ? throw new BenchException("The head of a response is too long.") : false;
        }

        ReadOnlySpan<byte> name = "Content-Length: "u8;
        int at = response[..head].IndexOf(name);
        return response.StartsWith("HTTP/1.1 202 "u8) && at >= 0 && Utf8Parser.TryParse(response[(at + name.Length)..], out int length, out _)
            && head + 4 + length >= response.Length
            ? head + 4 + length == response.Length
            : throw new BenchException($"The server answered: {Encoding.UTF8.GetString(response).ReplaceLineEndings(" ")}");
    }

    private static byte[] Request(Uri url, string token) =>
    [
        .. Encoding.ASCII.GetBytes(
            $"POST {url.AbsolutePath} HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
            + $"Prefer: respond-async\r\nContent-Length: {BodyLength}\r\n\r\n"),
        .. Payload.Create(BodyLength),
    ];
}
