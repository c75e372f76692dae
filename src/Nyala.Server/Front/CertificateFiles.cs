using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Nyala.Server.Front;

/// <summary>A certificate as it was read from its files.</summary>
/// <param name="Context">The certificate with its key, and with the certificates that signed it, which clients need.</param>
/// <param name="Fingerprint">A fingerprint of the files' bytes, which shows whether the files were replaced.</param>
internal sealed record LoadedCertificate(SslStreamCertificateContext Context, string Fingerprint);

/// <summary>The files of the server's certificate.</summary>
/// <param name="Certificate">The path of the certificate, PEM or PKCS #12.</param>
/// <param name="Key">The path of the private key, PEM; null if the certificate's file contains the key.</param>
/// <param name="Password">The password of the key; null if it has none.</param>
internal sealed record CertificateFiles(string Certificate, string? Key, string? Password)
{
    private static readonly (string Certificate, string Key)[] Pairs = [("tls.crt", "tls.key"), ("fullchain.pem", "privkey.pem")];

    /// <summary>Returns the files that the options name. If they name a folder, returns the first known pair of files that exists in it.</summary>
    public static CertificateFiles Of(HttpsOptions options)
    {
        string? password = options.Password.Length > 0 ? options.Password : null;
        if (options.Folder.Length == 0)
        {
            return new CertificateFiles(options.Certificate, options.Key.Length > 0 ? options.Key : null, password);
        }

        (string certificate, string key) = Pairs.FirstOrDefault(pair => File.Exists(Path.Combine(options.Folder, pair.Certificate)), Pairs[0]);
        return new CertificateFiles(Path.Combine(options.Folder, certificate), Path.Combine(options.Folder, key), password);
    }

    /// <summary>
    /// Returns a fingerprint of the files' bytes; null if a file cannot be read. File times are not reliable, because Kubernetes and certbot change links.
    /// </summary>
    public string? Fingerprint()
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(File.ReadAllBytes(Certificate));
            hash.AppendData(Key is null ? [] : File.ReadAllBytes(Key));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the certificate. Returns null, with the reason, if it cannot be used.</summary>
    public LoadedCertificate? Read(out string problem)
    {
        problem = "";
        try
        {
            string? fingerprint = Fingerprint();
            byte[] bytes = File.ReadAllBytes(Certificate);
            X509Certificate2Collection all = bytes.AsSpan().IndexOf("-----BEGIN"u8) >= 0 ? ReadPem(Encoding.ASCII.GetString(bytes)) : ReadPfx(bytes);
            if (all.FirstOrDefault(one => one.HasPrivateKey) is not { } own)
            {
                problem = $"{Certificate} contains no private key.";
                return null;
            }

            all.Remove(own);
            return new LoadedCertificate(SslStreamCertificateContext.Create(own, all, offline: true), fingerprint ?? "");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            problem = error is FileNotFoundException or DirectoryNotFoundException ? error.Message
                : $"{Certificate}{(Key is null ? "" : $" with {Key}")}: {error.Message}";
            return null;
        }
    }

    private X509Certificate2Collection ReadPfx(byte[] bytes) => X509CertificateLoader.LoadPkcs12Collection(bytes, Password);

    private X509Certificate2Collection ReadPem(string text)
    {
        string key = Key is null ? text : File.ReadAllText(Key);
        X509Certificate2 own = Password is null ? X509Certificate2.CreateFromPem(text, key) : X509Certificate2.CreateFromEncryptedPem(text, key, Password);
        if (OperatingSystem.IsWindows())
        {
            // TLS on Windows cannot use a key that exists only in memory.
            own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        }

        var all = new X509Certificate2Collection();
        all.ImportFromPem(text);
        all.RemoveAt(0);
        all.Insert(0, own);
        return all;
    }
}
