using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Nyala.Tests.Support;

/// <summary>
/// An SMTP server on a socket that accepts mail, or answers a command as a test says. It speaks the plain protocol: a real server with TLS and sign-in runs in the
/// end-to-end tests.
/// </summary>
internal sealed class ScriptedSmtp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, string?> _answers = new(StringComparer.OrdinalIgnoreCase);
    private readonly System.Threading.Channels.Channel<string> _mails = System.Threading.Channels.Channel.CreateUnbounded<string>();
    private readonly Task _loop;

    public ScriptedSmtp()
    {
        _listener.Start();
        _loop = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What the server offers after EHLO.</summary>
    public string[] Extensions { get; init; } = ["PIPELINING", "8BITMIME"];

    /// <summary>Answers a command, such as <c>RCPT</c>, or <c>GREETING</c> and <c>BODY</c>, with a line. Null ends the connection; empty gives no answer at all.</summary>
    public void Answer(string command, string? line) => _answers[command] = line;

    /// <summary>Answers a command as usual again.</summary>
    public void AnswerAsUsual(string command) => _answers.TryRemove(command, out _);

    /// <summary>Returns the next mail, with its envelope in the first two lines.</summary>
    public Task<string> NextAsync() => _mails.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync();

    /// <summary>Whether a mail waits to be read.</summary>
    public bool HasMail => _mails.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                sessions.Add(ServeAsync(client));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
                await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\r\n" };
                await TalkAsync(reader, writer);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                // The client left, or the test has ended.
            }
        }
    }

    private async Task TalkAsync(StreamReader reader, StreamWriter writer)
    {
        if (!await SayAsync(writer, "GREETING", "220 scripted ESMTP"))
        {
            return;
        }

        var envelope = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            string command = line.Split(' ', ':')[0].ToUpperInvariant();
            envelope.Append(command is "MAIL" or "RCPT" ? line + "\n" : "");
            string usual = command switch
            {
                "EHLO" => string.Join("\r\n", Extensions.Prepend("scripted").Select((text, index) => $"250{(index == Extensions.Length ? ' ' : '-')}{text}")),
                "DATA" => "354 go ahead",
                "QUIT" => "221 bye",
                _ => "250 OK",
            };
            if (!await SayAsync(writer, command, usual) || command == "QUIT")
            {
                return;
            }

            if (command == "DATA" && !_answers.ContainsKey("DATA") && !await TakeMailAsync(reader, writer, envelope))
            {
                return;
            }
        }
    }

    private async Task<bool> TakeMailAsync(StreamReader reader, StreamWriter writer, StringBuilder envelope)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
        {
            mail.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        bool goesOn = await SayAsync(writer, "BODY", "250 2.0.0 queued as 1");
        if (!_answers.ContainsKey("BODY"))
        {
            _mails.Writer.TryWrite(envelope.ToString() + mail);
        }

        envelope.Clear();
        return goesOn;
    }

    private async Task<bool> SayAsync(StreamWriter writer, string command, string usual)
    {
        string? line = _answers.GetValueOrDefault(command, usual);
        if (line is { Length: 0 })
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
        }

        if (line is not null)
        {
            await writer.WriteLineAsync(line.AsMemory(), _stop.Token);
        }

        return line is not null;
    }
}
