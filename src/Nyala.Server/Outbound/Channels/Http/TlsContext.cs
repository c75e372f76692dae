using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>TLS settings, prepared for handshakes.</summary>
internal sealed class TlsContext : IDisposable
{
    private readonly bool _insecure;
    private readonly X509Certificate2Collection? _authorities;
    private readonly X509Certificate2Collection _chain = [];
    private readonly SslStreamCertificateContext? _client;

    /// <exception cref="CryptographicException">A certificate cannot be read.</exception>
    public TlsContext(TlsSettings tls)
    {
        _insecure = tls.Insecure;
        _authorities = tls.Authorities is { } authorities ? CertificateForm.Certificates(authorities) : null;
        if (tls.Client is { } client)
        {
            X509Certificate2 certificate = CertificateForm.WithKey(client);
            _chain = CertificateForm.Certificates(client);

            // Offline: exactly the given certificates are sent, and missing ones are not downloaded.
            _client = SslStreamCertificateContext.Create(certificate, _chain, offline: true);
        }
    }

    /// <summary>Returns the options of one handshake.</summary>
    /// <param name="host">The host that the receiver's certificate must name; null if the framework fills it in.</param>
    /// <param name="wanted">Called if the receiver asks for a client certificate and the hook has none.</param>
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
                // The first call comes before the receiver has sent anything.
                if (receiver is not null)
                {
                    wanted();
                }

                return null!;
            };
        }

#pragma warning disable CA5359 // This is the meaning of insecure_ssl, and applies only to hooks that request it.
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

    /// <summary>Whether the hook has a client certificate for receivers that ask for one.</summary>
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

            // A certificate may name any URL to download its issuer from. Following that URL would bypass the address guard.
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
