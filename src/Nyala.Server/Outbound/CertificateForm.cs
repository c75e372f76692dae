using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Nyala.Server.Outbound;

/// <summary>Reads certificates from PEM.</summary>
internal static class CertificateForm
{
    private const int MaxLength = 64 * 1024;
    private const string KeyEnd = "PRIVATE KEY-----";

    /// <summary>Returns why a text cannot be a hook's trusted authorities; null if it can.</summary>
    public static string? RefusesAuthorities(string pem, DateTimeOffset now)
    {
        if (pem.Contains(KeyEnd, StringComparison.Ordinal))
        {
            // Authorities are stored as given and are not treated as secrets.
            return "It contains a private key. Send only the certificates.";
        }

        if (Read(pem, out string reason) is not { } certificates)
        {
            return reason;
        }

        try
        {
            return certificates.Select(certificate => RefusesTime(certificate, now)).FirstOrDefault(reason => reason is not null)
                ?? (certificates.Any(IsRoot)
                    ? null
                    : "It contains no root certificate. Add the self-signed certificate of the authority, or of the receiver if that is self-signed.");
        }
        finally
        {
            DisposeAll(certificates);
        }
    }

    /// <summary>Returns why a text cannot be a hook's client certificate; null if it can.</summary>
    public static string? RefusesClient(string pem, DateTimeOffset now)
    {
        if (Read(pem, out string reason) is not { } certificates)
        {
            return reason;
        }

        try
        {
            return RefusesKey(pem) ?? certificates.Select(certificate => RefusesTime(certificate, now)).FirstOrDefault(reason => reason is not null);
        }
        finally
        {
            DisposeAll(certificates);
        }
    }

    /// <summary>Reads all certificates of a text, in order.</summary>
    /// <exception cref="CryptographicException">The certificates cannot be read.</exception>
    public static X509Certificate2Collection Certificates(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }

    /// <summary>Reads the first certificate of a text, with its private key.</summary>
    /// <exception cref="CryptographicException">The certificate cannot be read, or the key is missing or belongs to another certificate.</exception>
    public static X509Certificate2 WithKey(string pem)
    {
        var certificate = X509Certificate2.CreateFromPem(pem, pem);
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // TLS on Windows does not accept a key that exists only in memory.
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
    }

    /// <summary>Whether a certificate ends a chain because it is its own issuer.</summary>
    public static bool IsRoot(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    public static void DisposeAll(X509Certificate2Collection certificates)
    {
        foreach (X509Certificate2 certificate in certificates)
        {
            certificate.Dispose();
        }
    }

    private static X509Certificate2Collection? Read(string pem, out string reason)
    {
        if (pem.Length > MaxLength)
        {
            reason = $"It has {pem.Length} characters; the maximum is {MaxLength}.";
            return null;
        }

        try
        {
            reason = "It contains no certificate. Send it as PEM, which begins with -----BEGIN CERTIFICATE-----.";
            return Certificates(pem) is { Count: > 0 } certificates ? certificates : null;
        }
        catch (CryptographicException)
        {
            reason = "A certificate in it cannot be read. Send it as PEM, unchanged from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.";
            return null;
        }
    }

    private static string? RefusesTime(X509Certificate2 certificate, DateTimeOffset now)
    {
        DateTimeOffset end = certificate.NotAfter;
        DateTimeOffset start = certificate.NotBefore;
        return end <= now ? $"The certificate of {certificate.Subject} expired on {end.UtcDateTime:yyyy-MM-dd}. Send one that is valid."
            : start > now ? $"The certificate of {certificate.Subject} is not valid before {start.UtcDateTime:yyyy-MM-dd}. Send one that is valid now."
            : null;
    }

    private static string? RefusesKey(string pem)
    {
        if (pem.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            return "Its key is encrypted. Send it without a passphrase; the server encrypts it for storage.";
        }

        if (!pem.Contains(KeyEnd, StringComparison.Ordinal))
        {
            return "It contains no key. Add the certificate's private key, which begins with -----BEGIN PRIVATE KEY-----.";
        }

        try
        {
            WithKey(pem).Dispose();
            return null;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or NotSupportedException)
        {
            return "Its key cannot be read, is of a type that this machine does not support, or belongs to another certificate. "
                + "Send the key of the first certificate.";
        }
    }
}
