using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;

namespace Nyala.EndToEnd.Support;

/// <summary>Exim, a real SMTP server, which offers STARTTLS and sign-in, and delivers to a folder.</summary>
internal sealed class MailServer : IDisposable
{
    public const string User = "nyala";
    public const string Password = "a password of the tests";

    private const string Condition = "${if and{{eq{$auth2}{" + User + "}}{eq{$auth3}{" + Password + "}}}{yes}{no}}";

    private readonly string _folder;
    private readonly NyalaProcess _exim;

    private MailServer(string folder, int port, int tlsPort, NyalaProcess exim) => (_folder, Port, TlsPort, _exim) = (folder, port, tlsPort, exim);

    /// <summary>The port with STARTTLS.</summary>
    public int Port { get; }

    /// <summary>The port with TLS from the first byte.</summary>
    public int TlsPort { get; }

    /// <summary>The PEM file of the certificate that the server shows.</summary>
    public string Certificate => Path.Combine(_folder, "cert.pem");

    private string Mails => Path.Combine(_folder, "mail", "new");

    public static async Task<MailServer> StartAsync(Machine machine)
    {
        string folder = Path.Combine(machine.Root, "exim");
        foreach (string name in (string[])["spool", "log", "mail"])
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        WriteCertificate(folder);
        int port = FreePort.Next();
        int tlsPort = FreePort.Next();
        string config = Path.Combine(folder, "exim.conf");
        await File.WriteAllTextAsync(config, Config(folder, port, tlsPort), TestContext.Current.CancellationToken);
        if (Environment.IsPrivilegedProcess)
        {
            // Exim delivers as its own user, and reads only a configuration that nobody else can change.
            Run("chmod", "a+x", machine.Root);
            Run("chown", "-R", "Debian-exim:", folder);
            Run("chown", "root:root", config);
        }

        var server = new MailServer(folder, port, tlsPort, new NyalaProcess(new ProcessStartInfo("exim4", ["-C", config, "-bdf", "-q5s"])));
        await server.ListeningAsync().InTimeAsync();
        return server;
    }

    /// <summary>Waits for the next mail and removes it.</summary>
    public async Task<MimeMessage> NextAsync()
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            if (Directory.Exists(Mails) && Directory.GetFiles(Mails).Order(StringComparer.Ordinal).FirstOrDefault() is { } file)
            {
                MimeMessage mail = await MimeMessage.LoadAsync(file, TestContext.Current.CancellationToken);
                File.Delete(file);
                return mail;
            }

            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => _exim.Dispose();

    private static string Config(string folder, int port, int tlsPort) => $$"""
        primary_hostname = mail.test
        daemon_smtp_ports = {{port}} : {{tlsPort}}
        tls_on_connect_ports = {{tlsPort}}
        local_interfaces = 127.0.0.1
        spool_directory = {{folder}}/spool
        log_file_path = {{folder}}/log/%slog
        pid_file_path = {{folder}}/exim.pid
        host_lookup =
        rfc1413_query_timeout = 0s
        tls_advertise_hosts = *
        tls_certificate = {{folder}}/cert.pem
        tls_privatekey = {{folder}}/key.pem
        acl_smtp_rcpt = rcpt
        acl_smtp_data = data
        {{(Environment.IsPrivilegedProcess ? "exim_user = Debian-exim" : "deliver_drop_privilege = true")}}

        begin acl
        rcpt:
          deny !authenticated = *
               message = 5.7.1 sign in first
          deny local_parts = nobody
               message = 5.1.1 nobody lives here
          defer local_parts = later
               message = 4.7.1 come back later
          accept
        data:
          accept

        begin routers
        all:
          driver = accept
          transport = folder

        begin transports
        folder:
          driver = appendfile
          maildir_format
          directory = {{folder}}/mail
          {{(Environment.IsPrivilegedProcess ? "user = Debian-exim" : "")}}

        begin authenticators
        plain:
          driver = plaintext
          public_name = PLAIN
          server_prompts = :
          server_condition = {{Condition}}
          server_set_id = $auth2
          server_advertise_condition = ${if def:tls_in_cipher}

        """;

    private static void WriteCertificate(string folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private static void Run(string program, params string[] args)
    {
        using Process process = Process.Start(program, args);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private async Task<bool> ListeningAsync()
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            Assert.False(_exim.HasEnded, "exim4 has ended.");
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, Port, TestContext.Current.CancellationToken);
                return true;
            }
            catch (SocketException)
            {
                await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }
    }
}
