using System.Security.Cryptography;
using System.Text;

namespace Nyala.Server.Events;

/// <summary>A publisher's own name for a publish, so that it may be repeated when its answer was lost.</summary>
/// <param name="Key">The name.</param>
/// <param name="Digest">Of what is published under it.</param>
internal sealed record IdempotencyKey(string Key, byte[] Digest)
{
    public const string Header = "Idempotency-Key";

    /// <summary>What a refusal says of the form.</summary>
    public const string Rule = "1 to 255 visible ASCII characters";

    private const int MaxLength = 255;

    /// <summary>How long a name is taken.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    public static bool IsValid(string key) => key.Length is > 0 and <= MaxLength && key.All(c => c is > ' ' and <= '~');

    /// <summary>Whether what was published under the name before was the same.</summary>
    public bool IsOf(ReadOnlySpan<byte> digest) => digest.SequenceEqual(Digest);

    public static IdempotencyKey Of(string key, string type, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // No type holds a line end, so none can reach into the body.
        hash.AppendData(Encoding.ASCII.GetBytes(type + "\n"));
        hash.AppendData(body);
        return new IdempotencyKey(key, hash.GetHashAndReset());
    }
}
