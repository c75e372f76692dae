using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>
/// Explains why a TLS handshake failed. It decides by the checks of this server, by the receiver's alert (RFC 8446, section 6) and by OpenSSL's reason codes
/// (<c>openssl/sslerr.h</c>), never by a message. Pure.
/// </summary>
internal static class TlsFailure
{
    public const string NotTls = "the receiver does not use TLS on this port. If it uses plain HTTP, the url must start with http.";
    public const string ClosedInHandshake = "the receiver closed the connection during the handshake.";

    private const string NoVersion = "the receiver and this server have no TLS version in common. This server supports TLS 1.2 and 1.3.";
    private const string WantsCertificate = "the receiver requires a client certificate, but got none. Set the hook's client_certificate.";

    private const int SslLibrary = 20;
    private const int FirstAlert = 1000;
    private const int UnsupportedProtocol = 258;
    private const int WrongCipher = 261;
    private const int WrongVersion = 267;
    private const int UnsafeRenegotiation = 338;
    private const int SmallKey = 394;
    private const int MaxNames = 3;

    /// <summary>Explains a handshake that either side refused.</summary>
    /// <param name="error">The exception of the handshake.</param>
    /// <param name="shown">Whether the hook has a client certificate.</param>
    /// <param name="wanted">Whether the receiver asked for one.</param>
    public static string OfHandshake(Exception error, bool shown, bool wanted) => ReasonCode(error) switch
    {
        { } code => OfCode(code, shown, wanted),

        // The framework parses the records itself, so bytes that are not TLS never reach OpenSSL.
        null => error.InnerException is null ? NotTls : "the handshake failed.",
    };

    /// <summary>Explains an alert that the receiver sent after the handshake, as TLS 1.3 does; null if there is none.</summary>
    public static string? OfAlert(Exception error) => ReasonCode(error) is { } code and >= FirstAlert ? OfCode(code, shown: false, wanted: false) : null;

    /// <summary>Explains why the receiver's certificate is refused.</summary>
    /// <param name="errors">The errors that the framework found.</param>
    /// <param name="certificate">The certificate; null if the receiver sent none.</param>
    /// <param name="found">The errors of its chain.</param>
    /// <param name="host">The host that the certificate should name.</param>
    /// <param name="ownAuthorities">Whether the hook defines the authorities that it trusts.</param>
    public static string OfCertificate(SslPolicyErrors errors, X509Certificate2? certificate, X509ChainStatusFlags found, string? host, bool ownAuthorities)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "the receiver sent no certificate.";
        }

        var reasons = new List<string>();
        if (found.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            reasons.Add($"is valid from {Day(certificate.NotBefore)} to {Day(certificate.NotAfter)}, or an issuer's certificate is not valid now");
        }

        if ((found & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            reasons.Add(ownAuthorities ? "does not come from an authority in the hook's ca" : "comes from an authority that this machine does not trust");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            reasons.Add($"is not for {host ?? "this host"}{Names(certificate)}");
        }

        if (reasons.Count == 0)
        {
            reasons.Add($"cannot be trusted ({found})");
        }

        return $"the receiver's certificate {string.Join(", and ", reasons)}.";
    }

    /// <summary>Returns OpenSSL's reason for the failure; null if there is none.</summary>
    private static int? ReasonCode(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            // OpenSSL 3 packs the library and the reason into 9 and 23 bits. The framework stores this code as the exception's HResult.
            if (error is CryptographicException && (uint)error.HResult >> 23 == SslLibrary)
            {
                return error.HResult & 0x7FFFFF;
            }
        }

        return null;
    }

    private static string OfCode(int code, bool shown, bool wanted) => code switch
    {
        UnsupportedProtocol or FirstAlert + 70 => NoVersion,
        WrongCipher or UnsafeRenegotiation or SmallKey => "the receiver's TLS is too old or too weak. This server supports TLS 1.2 and 1.3.",
        WrongVersion => NotTls,
        FirstAlert + 116 => WantsCertificate,
        FirstAlert + 40 or FirstAlert + 41 or FirstAlert + 42 when wanted && !shown => WantsCertificate,
        FirstAlert + 40 or FirstAlert + 71 =>
            "the receiver refused the handshake: it has no TLS version or no cipher in common with this server, which supports TLS 1.2 and 1.3.",
        >= FirstAlert + 42 and <= FirstAlert + 46 or FirstAlert + 48 or FirstAlert + 49 =>
            shown || wanted ? "the receiver does not accept the hook's client certificate." : "the receiver rejected a certificate, or refused access.",
        FirstAlert + 112 => "the receiver does not know this host name.",
        FirstAlert + 120 => "the receiver does not support HTTP/1.1 over TLS.",
        >= FirstAlert and < FirstAlert + 256 => $"the receiver ended the handshake (alert {code - FirstAlert}).",
        _ => $"the handshake failed (OpenSSL reason {code}).",
    };

    private static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>Lists the hosts that the certificate names. The receiver chooses these names, so anything that is not a host name is omitted.</summary>
    private static string Names(X509Certificate2 certificate)
    {
        string[] names = [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames())
            .Where(name => Uri.CheckHostName(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name) == UriHostNameType.Dns)
            .Take(MaxNames + 1)];
        return names.Length == 0 ? "" : $" but for {string.Join(", ", names.Take(MaxNames))}{(names.Length > MaxNames ? ", …" : "")}";
    }
}
