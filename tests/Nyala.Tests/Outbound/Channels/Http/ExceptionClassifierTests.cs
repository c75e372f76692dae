using System.Formats.Asn1;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound.Channels.Http;

/// <summary>The reason of a failed attempt says what happened and what to do. The sockets and handshakes are real.</summary>
public sealed class ExceptionClassifierTests : IDisposable
{
    private readonly HttpChannelUnderTest _channel = new();
    private readonly X509Certificate2 _authority = Certificates.Authority("receivers");

    private string Authorities => _authority.ExportCertificatePem();

    public void Dispose()
    {
        _channel.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "does not use TLS on this port")]
    [InlineData("", "closed the connection during the handshake")]
    [InlineData("\u0015\u0003\u0001\u0000\u0002\u0002\u0046", "TLS 1.2 and 1.3")]
    [InlineData("\u0015\u0003\u0003\u0000\u0002\u0002\u0028", "no TLS version or no cipher in common")]
    [InlineData("\u0015\u0003\u0003\u0000\u0002\u0002\u0070", "does not know this host name")]
    [InlineData("\u0015\u0003\u0003\u0000\u0002\u0002\u0078", "does not support HTTP/1.1 over TLS")]
    [InlineData("\u0015\u0003\u0003\u0000\u0002\u0002\u0050", "alert 80")]
    public async Task The_reason_explains_how_the_receiver_failed_the_TLS_handshake(string answer, string words)
    {
        using var receiver = new Listener(async connection =>
        {
            await connection.ReceiveAsync(new byte[4096]);
            await connection.SendAsync(Encoding.Latin1.GetBytes(answer));
        });

        AttemptOutcome outcome = await _channel.SendAsync(_channel.Target(receiver.Url("https")));

        Assert.StartsWith("TLS failed: ", outcome.Reason, StringComparison.Ordinal);
        Assert.Contains(words, outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(OutcomeKind.Unanswered, outcome.Kind);
    }

    [Fact]
    public async Task The_reason_names_the_supported_TLS_versions_if_the_receiver_only_speaks_TLS_1_0()
    {
        // A ServerHello of TLS 1.0: a 32-byte random, no session, TLS_RSA_WITH_AES_128_CBC_SHA.
        byte[] hello = [0x16, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1, .. new byte[32], 0, 0, 0x2f, 0];
        using var receiver = new Listener(async connection =>
        {
            await connection.ReceiveAsync(new byte[4096]);
            await connection.SendAsync(hello);
        });

        AttemptOutcome outcome = await _channel.SendAsync(_channel.Target(receiver.Url("https")));

        Assert.Contains("This server supports TLS 1.2 and 1.3.", outcome.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-3, -2, "127.0.0.1", true, "is valid from")]
    [InlineData(2, 3, "127.0.0.1", true, "is valid from")]
    [InlineData(-1, 1, "127.0.0.2", true, "is not for 127.0.0.2 but for localhost")]
    [InlineData(-1, 1, "127.0.0.1", false, "comes from an authority that this machine does not trust")]
    public async Task The_reason_says_what_is_wrong_with_the_receivers_certificate(int from, int to, string host, bool trusted, string words)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 authority = Certificates.Authority("wide", days: 5);
        using X509Certificate2 certificate = Certificates.Issue(authority, "receiver", now.AddDays(from), now.AddDays(to));
        using var receiver = new Listener(connection => HandshakeAsync(connection, certificate), IPAddress.Any);
        var tls = new TlsSettings(Authorities: trusted ? authority.ExportCertificatePem() : null);

        AttemptOutcome outcome = await _channel.SendAsync(_channel.Target(receiver.Url("https", host)) with { Tls = tls });

        Assert.StartsWith("TLS failed: the receiver's certificate ", outcome.Reason, StringComparison.Ordinal);
        Assert.Contains(words, outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reason_says_that_the_certificate_comes_from_no_authority_in_the_hooks_ca()
    {
        using X509Certificate2 certificate = Certificates.SelfSigned("127.0.0.1");
        using var receiver = new Listener(connection => HandshakeAsync(connection, certificate));

        AttemptOutcome outcome = await _channel.SendAsync(_channel.Target(receiver.Url("https")) with { Tls = new TlsSettings(Authorities: Authorities) });

        Assert.Contains("does not come from an authority in the hook's ca", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reason_omits_names_in_a_certificate_that_are_not_host_names()
    {
        var names = new AsnWriter(AsnEncodingRules.DER);
        using (names.PushSequence())
        {
            foreach (string name in (string[])["evil\u001b[2J.example", "*.good.example"])
            {
                names.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, 2));
            }
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=receiver", key, HashAlgorithmName.SHA256) { CertificateExtensions = { new X509SubjectAlternativeNameExtension(names.Encode()) } };
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));

        Assert.Equal(
            "the receiver's certificate is not for 127.0.0.1 but for *.good.example.",
            TlsFailure.OfCertificate(SslPolicyErrors.RemoteCertificateNameMismatch, certificate, X509ChainStatusFlags.NoError, "127.0.0.1", ownAuthorities: false));
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task The_reason_says_that_the_receiver_wants_a_client_certificate(string version)
    {
        using X509Certificate2 certificate = Certificates.Issue(_authority, "receiver");
        using var server = new OpenSslServer(Certificates.WithKey(certificate), version);
        await server.ListensAsync();

        AttemptOutcome outcome = await _channel.SendAsync(_channel.Target(server.Url) with { Tls = new TlsSettings(Authorities: Authorities) });

        Assert.Equal("TLS failed: the receiver requires a client certificate, but got none. Set the hook's client_certificate.", outcome.Reason);
    }

    [Fact]
    public async Task The_reason_of_a_reset_says_that_the_receiver_had_asked_for_a_client_certificate()
    {
        using X509Certificate2 certificate = Certificates.Issue(_authority, "receiver");
        using var receiver = new Listener(async connection =>
        {
            await using var stream = new NetworkStream(connection);
            await using var secured = new SslStream(stream, leaveInnerStreamOpen: true, (_, certificate, _, _) => certificate is null);
            await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = certificate,
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls13,
            });
            connection.LingerState = new LingerOption(enable: true, seconds: 0);
            connection.Close();
        });

        AttemptOutcome outcome = await _channel.SendAsync(_channel.Target(receiver.Url("https")) with { Tls = new TlsSettings(Authorities: Authorities) });

        Assert.Equal(
            "The connection was reset without a response. The receiver asked for a client certificate, but got none. Set the hook's client_certificate.",
            outcome.Reason);
    }

    [Theory]
    [InlineData("", "was closed without a response")]
    [InlineData("HTTP/1.1 200 OK\r\nServer: ", "was closed without a complete response")]
    [InlineData("\u0015\u0003\u0003\u0000\u0002\u0002\u0028", "uses TLS on this port. The url must start with https")]
    [InlineData("\u0000\u0000\u0006\u0004\u0000\u0000\u0000\u0000\u0000\u0000\u0003\u0000\u0000\u0000\u0064", "supports only HTTP/2")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "an SSH server listens there")]
    [InlineData("220 mail.example.com ESMTP\r\n", "a mail or FTP server listens there")]
    [InlineData("220-ftp.example.com\r\n220 Ready\r\n", "a mail or FTP server listens there")]
    [InlineData("HTTP/1.1 twohundred\r\n\r\n", "its status line or a header is malformed")]
    public async Task The_reason_explains_a_missing_or_invalid_response(string answer, string words)
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.SendAsync(Encoding.Latin1.GetBytes(answer));
            connection.Shutdown(SocketShutdown.Send);
        });

        AttemptOutcome outcome = await _channel.SendAsync(_channel.Target(new Uri(receiver.Url)));

        Assert.Contains(words, outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(OutcomeKind.Unanswered, outcome.Kind);
    }

    [Fact]
    public async Task The_reason_says_that_the_connection_was_reset()
    {
        await using var receiver = new RawReceiver(connection =>
        {
            connection.LingerState = new LingerOption(enable: true, seconds: 0);
            connection.Close();
            return Task.CompletedTask;
        });

        AttemptOutcome outcome = await _channel.SendAsync(_channel.Target(new Uri(receiver.Url)));

        Assert.Equal("The connection was reset without a response.", outcome.Reason);
    }

    [Theory]
    [InlineData("Größe unbekannt", "Größe unbekannt")]
    [InlineData("お待ちください", "お待ちください")]
    [InlineData("\u001b[31mred", "[31mred")]
    [InlineData("", "")]
    public async Task A_reason_phrase_and_headers_in_UTF_8_are_kept_readable(string phrase, string kept)
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.SendAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 503 {phrase}\r\nX-Why: Müde\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            connection.Shutdown(SocketShutdown.Send);
        });

        AttemptOutcome outcome = await _channel.SendAsync(_channel.Target(new Uri(receiver.Url)));

        Assert.Equal($"The receiver responded with 503 {kept}".TrimEnd() + ".", outcome.Reason);
        Assert.Contains("X-Why: Müde\n", outcome.Answer!.Headers, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_not_UTF_8_stays_as_it_is() => Assert.Equal("Gr\u00f6\u00dfe", ReceivedText.Readable("Gr\u00f6\u00dfe"));

    private static async Task HandshakeAsync(Socket connection, X509Certificate2 certificate)
    {
        await using var stream = new SslStream(new NetworkStream(connection));
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate });
    }

    /// <summary>Runs the test's code for each connection, and then closes the connection.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly TcpListener _listener;
        private readonly Task _serving;

        public Listener(Func<Socket, Task> answer, IPAddress? address = null)
        {
            _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
            _listener.Start();
            _serving = ServeAsync(answer);
        }

        public Uri Url(string scheme, string host = "127.0.0.1") => new($"{scheme}://{host}:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync(Func<Socket, Task> answer)
        {
            try
            {
                while (true)
                {
                    using Socket connection = await _listener.AcceptSocketAsync();
                    try
                    {
                        await answer(connection);
                        connection.Shutdown(SocketShutdown.Both);
                    }
                    catch (Exception error) when (error is IOException or SocketException or System.Security.Authentication.AuthenticationException)
                    {
                        // The sender gave up.
                    }
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
