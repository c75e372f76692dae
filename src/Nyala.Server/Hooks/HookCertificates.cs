using System.Security.Cryptography.X509Certificates;
using Nyala.Client;
using Nyala.Server.Http;
using Nyala.Server.Outbound;

namespace Nyala.Server.Hooks;

/// <summary>The certificates of a hook: as they are given and shown.</summary>
internal static class HookCertificates
{
    /// <summary>Reads PEM; null if it is none that can serve, which is then noted in the fields' errors.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="refuse">Why a text cannot serve; null if it can.</param>
    public static string? Read(JsonFields fields, string name, Func<string, string?> refuse)
    {
        if (fields.Text(name) is not { } pem)
        {
            return null;
        }

        // Never quoted: it may hold a key.
        if (refuse(pem) is { } reason)
        {
            fields.Refuse(name, $"'{name}' is refused: {reason}");
            return null;
        }

        return pem;
    }

    /// <summary>Whose they are and when they end, in their order; null if there are none.</summary>
    public static IReadOnlyList<HookCertificate>? Show(string? pem)
    {
        if (pem is null)
        {
            return null;
        }

        X509Certificate2Collection certificates = CertificateForm.Certificates(pem);
        try
        {
            return [.. certificates.Select(certificate => new HookCertificate { Subject = certificate.Subject, Expires = certificate.NotAfter })];
        }
        finally
        {
            CertificateForm.DisposeAll(certificates);
        }
    }
}
