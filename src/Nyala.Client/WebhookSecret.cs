using System.Security.Cryptography;

namespace Nyala.Client;

/// <summary>A signing secret as the Standard Webhooks specification writes it: <c>whsec_</c> and base64 of 24 to 64 bytes.</summary>
public static class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int MinBytes = 24;
    private const int MaxBytes = 64;

    /// <summary>Creates a secret of 32 random bytes.</summary>
    public static string Create() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Decodes the key of a secret; returns false if <paramref name="secret"/> does not have this form.</summary>
    public static bool TryDecode(string? secret, out byte[] key)
    {
        key = [];
        if (secret is null || !secret.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[MaxBytes + 3];
        if (!Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out int length) || length is < MinBytes or > MaxBytes)
        {
            return false;
        }

        key = bytes[..length].ToArray();
        return true;
    }
}
