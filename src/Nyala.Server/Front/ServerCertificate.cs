using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Nyala.Server.Front;

/// <summary>
/// The certificate that new connections are shown. At a handshake it looks now and then whether the files were replaced: a
/// watcher misses what happens behind the links and mounts in which certificates mostly lie.
/// </summary>
internal sealed class ServerCertificate(HttpsOptions options, TimeProvider clock, ILogger<ServerCertificate> logger)
{
    /// <summary>How long after a look the next one is due.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private volatile LoadedCertificate _current = CertificateFiles.Of(options).Read(out string problem)
        ?? throw new InvalidOperationException($"The certificate cannot be used: {problem}");

    private string? _refused;
    private long _looked = clock.GetTimestamp();

    /// <summary>The certificate to show now.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            // One handshake looks; others go on with what there is.
            if (clock.GetElapsedTime(Volatile.Read(ref _looked)) >= CheckInterval && _gate.TryEnter())
            {
                try
                {
                    CheckFiles();
                    Volatile.Write(ref _looked, clock.GetTimestamp());
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
            // Told once for each state of the files: the certificate and its key are seldom written in the same moment.
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
