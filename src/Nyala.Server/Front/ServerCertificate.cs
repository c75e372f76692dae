using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Nyala.Server.Front;

/// <summary>
/// The certificate for new connections. During handshakes, it checks at intervals whether the files were replaced. A file watcher would miss changes behind
/// the links and mounts that certificates usually have.
/// </summary>
internal sealed class ServerCertificate(HttpsOptions options, TimeProvider clock, ILogger<ServerCertificate> logger)
{
    /// <summary>The minimum time between two checks of the files.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private volatile LoadedCertificate _current = CertificateFiles.Of(options).Read(out string problem)
        ?? throw new InvalidOperationException($"The certificate cannot be used: {problem}");

    private string? _refused;
    private long _lastCheck = clock.GetTimestamp();

    /// <summary>The certificate to use now.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            // One handshake checks the files. Concurrent ones continue with the current certificate.
            if (clock.GetElapsedTime(Volatile.Read(ref _lastCheck)) >= CheckInterval && _gate.TryEnter())
            {
                try
                {
                    CheckFiles();
                    Volatile.Write(ref _lastCheck, clock.GetTimestamp());
                }
                finally
                {
                    _gate.Exit();
                }
            }

            return _current.Context;
        }
    }

    private void CheckFiles()
    {
        var files = CertificateFiles.Of(options);
        string fingerprint = files.Fingerprint() ?? "";
        if (fingerprint == _current.Fingerprint || fingerprint == _refused)
        {
            return;
        }

        if (files.Read(out string problem) is not { } renewed)
        {
            // Logged once for each state of the files, because the certificate and its key are seldom written at the same moment.
            _refused = fingerprint;
            FrontLog.CertificateKept(logger, problem);
            return;
        }

        _refused = null;
        _current = renewed;
        X509Certificate2 certificate = renewed.Context.TargetCertificate;
        FrontLog.CertificateRenewed(logger, certificate.Subject, new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
    }
}
