using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CsCheck;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound;

public sealed class CertificateFormTests : IDisposable
{
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly X509Certificate2 _authority = Certificates.Authority("authority");
    private readonly X509Certificate2 _issued;

    public CertificateFormTests() => _issued = Certificates.Issue(_authority, "issued");

    public void Dispose()
    {
        _authority.Dispose();
        _issued.Dispose();
    }

    [Fact]
    public void Authorities_are_accepted_if_a_root_is_among_them()
    {
        string root = _authority.ExportCertificatePem();
        string leaf = _issued.ExportCertificatePem();

        Assert.Null(CertificateForm.RefusesAuthorities(root, _now));
        Assert.Null(CertificateForm.RefusesAuthorities(leaf + "\n" + root, _now));
        Assert.Null(CertificateForm.RefusesAuthorities("Subject: what openssl writes before it\n" + root + "\r\n", _now));
        Assert.StartsWith("It contains no root", CertificateForm.RefusesAuthorities(leaf, _now), StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_certificate_needs_its_own_unencrypted_key_before_or_after_it()
    {
        string key = Certificates.Key(_issued);
        string leaf = _issued.ExportCertificatePem();

        Assert.Null(CertificateForm.RefusesClient(leaf + "\n" + key, _now));
        Assert.Null(CertificateForm.RefusesClient(key + "\n" + leaf, _now));
        Assert.Null(CertificateForm.RefusesClient(leaf + "\n" + _authority.ExportCertificatePem() + "\n" + key, _now));
        Assert.StartsWith("It contains no key", CertificateForm.RefusesClient(leaf, _now), StringComparison.Ordinal);
        Assert.StartsWith("Its key cannot be read", CertificateForm.RefusesClient(_authority.ExportCertificatePem() + "\n" + key, _now), StringComparison.Ordinal);
        Assert.StartsWith("Its key cannot be read", CertificateForm.RefusesClient(leaf + "\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", _now), StringComparison.Ordinal);
        using ECDsa ecdsa = _issued.GetECDsaPrivateKey()!;
        string encrypted = ecdsa.ExportEncryptedPkcs8PrivateKeyPem("x", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10));
        Assert.StartsWith("Its key is encrypted", CertificateForm.RefusesClient(leaf + "\n" + encrypted, _now), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_is_not_valid_now_is_refused()
    {
        using X509Certificate2 expired = Certificates.Issue(_authority, "old", _now.AddHours(-36), _now.AddDays(-1));

        Assert.Equal(
            $"The certificate of CN=old expired on {expired.NotAfter.ToUniversalTime():yyyy-MM-dd}. Send one that is valid.",
            CertificateForm.RefusesClient(Certificates.WithKey(expired), _now));
        Assert.Contains(" expired on ", CertificateForm.RefusesAuthorities(_authority.ExportCertificatePem(), _now.AddDays(3)), StringComparison.Ordinal);
        Assert.Contains("is not valid before", CertificateForm.RefusesAuthorities(_authority.ExportCertificatePem(), _now.AddDays(-3)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "It contains no certificate")]
    [InlineData("hello", "It contains no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "A certificate in it cannot be read")]
    public void A_text_without_a_readable_certificate_is_refused(string pem, string reason)
    {
        Assert.StartsWith(reason, CertificateForm.RefusesAuthorities(pem, _now), StringComparison.Ordinal);
        Assert.StartsWith(reason, CertificateForm.RefusesClient(pem, _now), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_too_long_is_refused() => Assert.StartsWith(
        "It has 70000 characters", CertificateForm.RefusesAuthorities(_authority.ExportCertificatePem().PadRight(70_000), _now), StringComparison.Ordinal);

    [Fact]
    public void A_damaged_text_never_throws()
    {
        string pem = Certificates.WithKey(_issued);
        Gen.Select(Gen.Int[0, pem.Length - 1], Gen.Char, Gen.Int[0, 40]).Sample(
            (at, put, cut) =>
            {
                string damaged = pem[..at] + put + pem[Math.Min(pem.Length, at + cut)..];
                CertificateForm.RefusesAuthorities(damaged, _now);
                CertificateForm.RefusesClient(damaged, _now);
            },
            iter: Fuzz.Cases / 4);
    }

    [Fact]
    public void ToString_of_TLS_settings_does_not_contain_the_key() =>
        Assert.DoesNotContain("PRIVATE", $"{new TlsSettings(Client: Certificates.WithKey(_issued))}", StringComparison.Ordinal);
}
