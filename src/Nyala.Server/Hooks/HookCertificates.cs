using System.Security.Cryptography.X509Certificates;
using Nyala.Client;
using Nyala.Server.Http;
using Nyala.Server.Outbound;

namespace Nyala.Server.Hooks;

/// <summary>Reads and shows the certificates of a hook.</summary>
internal static class HookCertificates
{
    /// <summary>Reads a field that contains PEM. Returns null, and adds an error to the fields, if the value is not accepted.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="refuse">Returns the reason why a PEM text is not accepted; null if it is.</param>
    public static string? Read(JsonFields fields, string name, Func<string, string?> refuse)
    {
        if (fields.Text(name) is not { } pem)
        {
            return null;
        }

        // The reason never quotes the text, because it may contain a key.
        if (refuse(pem) is { } reason)
        {
            fields.Refuse(name, $"'{name}' is not valid. {reason}");
            return null;
        }

        return pem;
    }

    /// <summary>Returns the subject and expiry of each certificate, in their order; null if there are no certificates.</summary>
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
