using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Nyala.Client;

/// <summary>The signature of the Standard Webhooks specification: <c>v1,</c> and base64 of HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
public static class WebhookSignature
{
    /// <summary>The header with the id of the message, which is the same for every attempt of a delivery.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>The header with the time of the attempt, in Unix seconds.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>The header with one signature for each valid secret, separated by spaces.</summary>
    public const string SignatureHeader = "webhook-signature";

    private const string Version = "v1,";

    /// <summary>Signs one attempt.</summary>
    /// <param name="key">The secret's bytes, see <see cref="WebhookSecret.TryDecode"/>.</param>
    /// <param name="id">The value of <see cref="IdHeader"/>.</param>
    /// <param name="timestamp">The value of <see cref="TimestampHeader"/>.</param>
    /// <param name="body">The request's body, byte for byte.</param>
    public static string Sign(ReadOnlySpan<byte> key, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        // Copied into one buffer and hashed at once, because a hash object for each message would cost more than the copy.
        int headLength = Encoding.UTF8.GetMaxByteCount(id.Length + timestamp.Length + 2);
        byte[] signed = ArrayPool<byte>.Shared.Rent(headLength + body.Length);
        try
        {
            Utf8.TryWrite(signed, $"{id}.{timestamp}.", out int written);
            body.CopyTo(signed.AsSpan(written));
            Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(key, signed.AsSpan(0, written + body.Length), hash);
            return Version + Convert.ToBase64String(hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(signed);
        }
    }

    /// <summary>Whether one of the <paramref name="signatures"/> in a header is <paramref name="expected"/>. Each comparison takes constant time.</summary>
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
