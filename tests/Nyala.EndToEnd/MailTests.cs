using MimeKit;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>Mail through a real SMTP server, read back from its folder.</summary>
public sealed class MailTests : IDisposable
{
    private readonly Machine _machine = new();
    private MailServer? _mail;

    public void Dispose()
    {
        _mail?.Dispose();
        _machine.Dispose();
    }

    [Fact]
    public async Task A_failed_deployment_is_a_mail_that_arrives_over_STARTTLS()
    {
        await ServeAsync("starttls", trusted: true);
        Assert.Contains("Nyala <nyala@example.test> through localhost:", await _machine.DoneAsync("channels", "list"), StringComparison.Ordinal);
        Assert.Contains("The answer was 250", await _machine.DoneAsync("channels", "test", "mailto:me@example.test"), StringComparison.Ordinal);
        Assert.StartsWith("Test message from Nyala", (await _mail!.NextAsync().InTimeAsync()).Subject, StringComparison.Ordinal);
        await _machine.DoneAsync("hooks", "add", "mailto:me@example.test", "--when", "failed");

        await _machine.DeployAsync("--site", "shop", "--message", "Show prices with tax ✓", "--author", "Ada", "--", "sh", "-c", "echo '3 of 214 tests failed'; exit 3");

        MimeMessage mail = await _mail.NextAsync().InTimeAsync();
        Assert.EndsWith("eployment of shop failed: Show prices with tax ✓", mail.Subject, StringComparison.Ordinal);
        Assert.Equal(("nyala@example.test", "me@example.test"), (mail.From.Mailboxes.Single().Address, mail.To.Mailboxes.Single().Address));
        Assert.Contains("with esmtpsa", mail.Headers[HeaderId.Received], StringComparison.Ordinal);
        Assert.Matches("^msg_[0-9]+@example.test$", mail.MessageId);
        Assert.Equal(mail.InReplyTo, Assert.Single(mail.References));
        Assert.Contains("3 of 214 tests failed", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("<pre", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("Show prices with tax ✓", mail.HtmlBody, StringComparison.Ordinal);
        string deliveries = await _machine.DoneAsync("deliveries", "list");
        Assert.Contains("delivered", deliveries, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_words_of_the_mail_server_reach_the_terminal()
    {
        await ServeAsync("tls", trusted: true);

        (int nobody, _, string forever) = await _machine.RunAsync("channels", "test", "mailto:nobody@example.test");
        (int later, _, string now) = await _machine.RunAsync("channels", "test", "mailto:later@example.test");
        Assert.Equal((1, 1), (nobody, later));
        Assert.Contains("The SMTP server answered 550: 5.1.1 nobody lives here", forever, StringComparison.Ordinal);
        Assert.Contains("The SMTP server answered 451: 4.7.1 come back later", now, StringComparison.Ordinal);
        Assert.Contains("The answer was 250", await _machine.DoneAsync("channels", "test", "mailto:me@example.test"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_gets_no_password_and_no_mail()
    {
        await ServeAsync("starttls", trusted: false);

        (int exitCode, _, string error) = await _machine.RunAsync("channels", "test", "mailto:me@example.test");

        Assert.Equal(1, exitCode);
        Assert.Contains("No TLS connection to the SMTP server localhost:", error, StringComparison.Ordinal);
    }

    private async Task ServeAsync(string tls, bool trusted)
    {
        _mail = await MailServer.StartAsync(_machine);
        string password = Path.Combine(_machine.Root, "smtp-password");
        await File.WriteAllTextAsync(password, MailServer.Password + "\n", TestContext.Current.CancellationToken);
        foreach ((string name, string value) in ((string, string)[])[
            ("HOST", "localhost"), ("PORT", $"{(tls == "tls" ? _mail.TlsPort : _mail.Port)}"), ("TLS", tls), ("FROM", "Nyala <nyala@example.test>"), ("USER", MailServer.User), ("PASSWORDFILE", password)])
        {
            _machine.Variables["NYALA_CHANNELS__MAIL__" + name] = value;
        }

        if (trusted)
        {
            _machine.Variables["SSL_CERT_FILE"] = _mail.Certificate;
        }

        await _machine.ServeAsync();
    }
}
