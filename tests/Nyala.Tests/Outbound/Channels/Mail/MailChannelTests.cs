using System.Net;
using System.Net.Sockets;
using Nyala.Client;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels.Mail;
using Nyala.Server.Outbound.Formats;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound.Channels.Mail;

/// <summary>What becomes of a mail when the SMTP server misbehaves.</summary>
public sealed class MailChannelTests : IAsyncDisposable
{
    private static readonly EventContent Event = new(EventTypes.PostDeployment, """{"status":"failed","siteName":"shop","message":"My fix"}"""u8.ToArray());

    private readonly ScriptedSmtp _smtp = new();
    private readonly SignalClock _clock = new();

    public ValueTask DisposeAsync() => _smtp.DisposeAsync();

    [Fact]
    public async Task A_mail_has_its_envelope_its_headers_and_both_parts()
    {
        AttemptOutcome outcome = await SendAsync();

        Assert.Equal((Disposition.Accepted, 250, "SMTP 250"), (outcome.Disposition, outcome.Status, outcome.StatusName));
        string mail = await _smtp.NextAsync();
        Assert.StartsWith("MAIL FROM:<nyala@example.com>", mail, StringComparison.Ordinal);
        Assert.Contains("\nRCPT TO:<someone@example.com>\n", mail, StringComparison.Ordinal);
        foreach (string line in (string[])[
            "From: Nyala <nyala@example.com>", "To: someone@example.com", "Subject: Deployment of shop failed: My fix", "Message-Id: <msg_1@example.com>",
            "Auto-Submitted: auto-generated", "Content-Type: text/plain; charset=utf-8", "Content-Type: text/html; charset=utf-8"])
        {
            Assert.Contains($"\n{line}\r\n", mail, StringComparison.Ordinal);
        }

        Assert.Equal("From: Nyala <nyala@example.com>\nTo: someone@example.com\nSubject: Deployment of shop failed: My fix\nMessage-ID: <msg_1@example.com>\n",
            outcome.RequestHeaders![..outcome.RequestHeaders!.IndexOf("References", StringComparison.Ordinal)]);
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 no such user", "Refused", "The SMTP server answered 550: 5.1.1 no such user")]
    [InlineData("RCPT", "450 4.2.1 mailbox busy", "TryAgain", "The SMTP server answered 450: 4.2.1 mailbox busy")]
    [InlineData("BODY", "554 5.6.0 not wanted", "Refused", "The SMTP server answered 554: 5.6.0 not wanted")]
    [InlineData("BODY", "452 4.3.1 disk full", "TryAgain", "The SMTP server answered 452: 4.3.1 disk full")]
    [InlineData("DATA", "451 4.3.0 later", "TryAgain", "451")]
    public async Task A_refusal_of_the_recipient_or_of_the_mail_is_judged_by_its_code(string command, string answer, string disposition, string reason)
    {
        _smtp.Answer(command, answer);

        AttemptOutcome outcome = await SendAsync();

        Assert.Equal(disposition, outcome.Disposition.ToString());
        Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GREETING", null, "lost")]
    [InlineData("EHLO", null, "lost")]
    [InlineData("MAIL", null, "lost")]
    [InlineData("RCPT", null, "lost")]
    [InlineData("DATA", null, "lost")]
    [InlineData("BODY", null, "lost")]
    [InlineData("GREETING", "554 no service", "no service")]
    [InlineData("GREETING", "HTTP/1.1 400 Bad Request", "")]
    public async Task A_server_that_breaks_off_is_tried_again(string command, string? answer, string reason)
    {
        _smtp.Answer(command, answer);

        AttemptOutcome outcome = await SendAsync();

        Assert.Equal((Disposition.TryAgain, OutcomeKind.Unanswered), (outcome.Disposition, outcome.Kind));
        Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal);
        Assert.Contains($"localhost:{_smtp.Port}", outcome.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", "MAIL", "530 5.7.0 Must issue a STARTTLS command first", "Must issue a STARTTLS command first")]
    [InlineData("none", "MAIL", "553 5.1.8 sender not allowed", "The sender was refused")]
    [InlineData("starttls", "NOOP", "250 OK", "STARTTLS")]
    public async Task What_only_the_operator_can_change_loses_no_delivery(string tls, string command, string answer, string reason)
    {
        _smtp.Answer(command, answer);

        AttemptOutcome outcome = await SendAsync(options => options.Tls = tls);

        Assert.Equal((Disposition.TryAgain, OutcomeKind.OurFault), (outcome.Disposition, outcome.Kind));
        Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal);
        Assert.Contains("Check Channels:Mail", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_sign_in_is_the_servers_own_fault_and_never_shows_the_password()
    {
        await using var smtp = new ScriptedSmtp { Extensions = ["AUTH PLAIN"] };
        smtp.Answer("AUTH", "535 5.7.8 wrong");

        AttemptOutcome outcome = await SendAsync(options => (options.Port, options.User, options.Password) = (smtp.Port, "nyala", "hunter2"));

        Assert.Equal((Disposition.TryAgain, OutcomeKind.OurFault), (outcome.Disposition, outcome.Kind));
        Assert.StartsWith($"The sign-in at the SMTP server localhost:{smtp.Port} was refused: ", outcome.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", outcome.Reason + outcome.RequestHeaders, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GREETING")]
    [InlineData("BODY")]
    public async Task A_server_that_does_not_answer_ends_the_attempt_after_the_time_limit(string command)
    {
        _smtp.Answer(command, "");

        Task<AttemptOutcome> sending = SendAsync();
        AttemptOutcome outcome = await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(20), sending);

        Assert.Equal((Disposition.TryAgain, $"No answer from the SMTP server localhost:{_smtp.Port} within 60 s."), (outcome.Disposition, outcome.Reason));
    }

    [Fact]
    public async Task A_server_that_does_not_listen_is_tried_again()
    {
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        AttemptOutcome outcome = await SendAsync(options => options.Port = ((IPEndPoint)taken.LocalEndPoint!).Port);

        Assert.Equal((Disposition.TryAgain, OutcomeKind.Unanswered), (outcome.Disposition, outcome.Kind));
        Assert.StartsWith("No connection to the SMTP server localhost:", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_to_the_farewell_has_the_mail()
    {
        _smtp.Answer("QUIT", null);

        Assert.Equal(Disposition.Accepted, (await SendAsync()).Disposition);
    }

    [Fact]
    public async Task A_password_file_that_cannot_be_read_is_named()
    {
        await using var smtp = new ScriptedSmtp { Extensions = ["AUTH PLAIN"] };

        AttemptOutcome outcome = await SendAsync(options => (options.Port, options.User, options.PasswordFile) = (smtp.Port, "nyala", "/nowhere/password"));

        Assert.Equal((OutcomeKind.OurFault, "The file that Channels:Mail:PasswordFile names cannot be read."), (outcome.Kind, outcome.Reason));
    }

    private async Task<AttemptOutcome> SendAsync(Action<MailOptions>? adjust = null)
    {
        var options = new MailOptions { Host = "localhost", Port = _smtp.Port, From = "Nyala <nyala@example.com>", Tls = "none" };
        adjust?.Invoke(options);
        var target = new MailTarget(new MailChannel(options, _clock), FormatCatalog.Find("mail")!, "someone@example.com");
        var attempt = new Attempt(target, "msg_1", Event.Type, 1, target.Render(Event));
        return (await Sender.SendAsync(attempt, TestContext.Current.CancellationToken))!;
    }
}
