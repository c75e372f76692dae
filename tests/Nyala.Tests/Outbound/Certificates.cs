using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Nyala.Tests.Outbound;

/// <summary>Creates certificates for tests.</summary>
internal static class Certificates
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    public static X509Certificate2 Authority(string name, int days = 2)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Now.AddDays(-days), Now.AddDays(days));
    }

    /// <summary>Issues a certificate for 127.0.0.1 and localhost, which also serves as a client certificate.</summary>
    public static X509Certificate2 Issue(X509Certificate2 authority, string name, DateTimeOffset? from = null, DateTimeOffset? to = null, Uri? issuerAt = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (issuerAt is not null)
        {
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [issuerAt.AbsoluteUri]));
        }

        using X509Certificate2 issued = request.Create(authority, from ?? Now.AddDays(-1), to ?? Now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return Loaded(issued.CopyWithPrivateKey(key));
    }

    public static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        return Loaded(request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1)));
    }

    public static string Key(X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>Returns certificate and key in one text, the form of a hook's <c>client_certificate</c>.</summary>
    public static string WithKey(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n" + Key(certificate);

    private static X509Certificate2 Loaded(X509Certificate2 certificate)
    {
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
        }
    }
}
