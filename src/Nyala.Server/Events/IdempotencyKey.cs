using System.Security.Cryptography;
using System.Text;
using Nyala.Server.Storage;

namespace Nyala.Server.Events;

/// <summary>The keys that publishers choose for a publish, so that they can repeat the request if the response was lost.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    /// <summary>The form of a key, as error messages state it.</summary>
    public const string Rule = "1 to 255 visible ASCII characters";

    private const int MaxLength = 255;

    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    public static bool IsValid(string key) => key.Length is > 0 and <= MaxLength && key.All(c => c is > ' ' and <= '~');

    /// <summary>Returns the key of an event, with the digest of its type and body.</summary>
    public static EventKey Of(string key, string type, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // A type cannot contain a line end, so different pairs of type and body are never hashed as the same bytes.
        hash.AppendData(Encoding.ASCII.GetBytes(type + "\n"));
        hash.AppendData(body);
        return new EventKey(key, hash.GetHashAndReset(), Life);
    }
}
