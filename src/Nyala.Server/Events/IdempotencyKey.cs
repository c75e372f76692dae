using System.Security.Cryptography;
using System.Text;

namespace Nyala.Server.Events;

/// <summary>A key that a publisher chooses for a publish, so that it can repeat the request if the response was lost.</summary>
/// <param name="Key">The key.</param>
/// <param name="Digest">The digest of the event's type and body.</param>
internal sealed record IdempotencyKey(string Key, byte[] Digest)
{
    public const string Header = "Idempotency-Key";

    /// <summary>The form of a key, as error messages state it.</summary>
    public const string Rule = "1 to 255 visible ASCII characters";

    private const int MaxLength = 255;

    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    public static bool IsValid(string key) => key.Length is > 0 and <= MaxLength && key.All(c => c is > ' ' and <= '~');

    public static IdempotencyKey Of(string key, string type, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // A type cannot contain a line end, so different pairs of type and body are never hashed as the same bytes.
        hash.AppendData(Encoding.ASCII.GetBytes(type + "\n"));
        hash.AppendData(body);
        return new IdempotencyKey(key, hash.GetHashAndReset());
    }
}
