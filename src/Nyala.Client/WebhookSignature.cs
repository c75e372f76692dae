using System.Security.Cryptography;
using System.Text;

namespace Nyala.Client;

/// <summary>
/// The signature of the Standard Webhooks specification: <c>v1,</c> and base64 of HMAC-SHA256 over <c>id.timestamp.body</c>.
/// </summary>
public static class WebhookSignature
{
    /// <summary>The header that names the message; the same for every attempt of one delivery.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>The header that says when the attempt was made, in Unix seconds.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>The header with one signature for each valid secret, separated by a space.</summary>
    public const string SignatureHeader = "webhook-signature";

    private const string Version = "v1,";

    /// <summary>Signs one attempt.</summary>
    /// <param name="key">The secret's bytes, see <see cref="WebhookSecret.TryDecode"/>.</param>
    /// <param name="id">The value of <see cref="IdHeader"/>.</param>
    /// <param name="timestamp">The value of <see cref="TimestampHeader"/>.</param>
    /// <param name="body">The request's body, byte for byte.</param>
    public static string Sign(ReadOnlySpan<byte> key, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        using IncrementalHash hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        hmac.GetHashAndReset(hash);
        return Version + Convert.ToBase64String(hash);
    }

    /// <summary>Whether one of the <paramref name="signatures"/> in a header is <paramref name="expected"/>, in constant time for each.</summary>
    internal static bool Contains(string signatures, string expected)
    {
        ReadOnlySpan<byte> wanted = Encoding.UTF8.GetBytes(expected);
        bool found = false;
        foreach (string signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            found |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), wanted);
        }

        return found;
    }
}
