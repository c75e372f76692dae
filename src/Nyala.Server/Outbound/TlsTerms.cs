using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Nyala.Server.Outbound;

/// <summary>A trust made ready for handshakes.</summary>
internal sealed class TlsTerms : IDisposable
{
    private readonly bool _insecure;
    private readonly X509Certificate2Collection? _authorities;
    private readonly X509Certificate2Collection _chain = [];
    private readonly SslStreamCertificateContext? _client;

    /// <exception cref="CryptographicException">A certificate cannot be read.</exception>
    public TlsTerms(Trust trust)
    {
        _insecure = trust.Insecure;
        _authorities = trust.Authorities is { } authorities ? CertificateForm.Certificates(authorities) : null;
        if (trust.Client is { } client)
        {
            X509Certificate2 certificate = CertificateForm.WithKey(client);
            _chain = CertificateForm.Certificates(client);

            // Offline: what is sent is what was given, and nothing is fetched for it.
            _client = SslStreamCertificateContext.Create(certificate, _chain, offline: true);
        }
    }

    /// <summary>The options of one handshake.</summary>
    /// <param name="host">Whom the receiver's certificate has to name; null if the framework fills it in.</param>
    /// <param name="wanted">Called where the receiver asks for a client certificate and the hook has none.</param>
    public SslClientAuthenticationOptions For(string? host, Action? wanted = null)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificateContext = _client,
            CertificateChainPolicy = ChainPolicy(),
        };
        if (_client is null && wanted is not null)
        {
            options.LocalCertificateSelectionCallback = (_, _, _, receiver, _) =>
            {
                // The first call comes before the receiver has said anything.
                if (receiver is not null)
                {
                    wanted();
                }

                return null!;
            };
        }

#pragma warning disable CA5359 // What insecure_ssl means, for the hooks that ask for it alone.
        options.RemoteCertificateValidationCallback = _insecure ? (_, _, _, _) => true : Check;
#pragma warning restore CA5359
        return options;

        bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => errors == SslPolicyErrors.None
            ? true
            : throw new TlsFailedException(TlsFailure.OfCertificate(
                errors,
                certificate as X509Certificate2,
                (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status),
                host ?? (sender as SslStream)?.TargetHostName,
                _authorities is not null));
    }

    /// <summary>Whether a client certificate is shown to receivers that ask for one.</summary>
    public bool ShowsCertificate => _client is not null;

    public void Dispose()
    {
        _client?.TargetCertificate.Dispose();
        CertificateForm.DisposeAll(_chain);
        CertificateForm.DisposeAll(_authorities ?? []);
    }

    private X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,

            // A certificate may name any url to fetch its issuer from: followed, that would be a way into the network past the address guard.
            DisableCertificateDownloads = true,
        };
        if (_authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            foreach (X509Certificate2 certificate in _authorities)
            {
                (CertificateForm.IsRoot(certificate) ? policy.CustomTrustStore : policy.ExtraStore).Add(certificate);
            }
        }

        return policy;
    }
}
