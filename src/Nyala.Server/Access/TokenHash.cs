using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Nyala.Server.Access;

/// <summary>
/// The SHA-256 hash of a token. Tokens are looked up by their hash. The time of a look-up therefore depends on a value that no caller can choose, and does not
/// reveal how close a guess was. A token has 256 random bits, so the hash needs neither salt nor stretching.
/// </summary>
internal readonly record struct TokenHash
{
    private const string Prefix = "nyala_";
    private const int RandomBytes = 32;
    private const int MaxOnStack = 256;

    private readonly UInt128 _left;
    private readonly UInt128 _right;

    /// <summary>Creates a hash from its stored bytes.</summary>
    public TokenHash(ReadOnlySpan<byte> bytes) => (_left, _right) = (MemoryMarshal.Read<UInt128>(bytes), MemoryMarshal.Read<UInt128>(bytes[16..]));

    /// <summary>Creates a new random token.</summary>
    public static string CreateToken() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static TokenHash Of(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        int most = Encoding.UTF8.GetMaxByteCount(token.Length);
        Span<byte> text = most <= MaxOnStack ? stackalloc byte[MaxOnStack] : new byte[most];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(token, text)], hash);
        return new TokenHash(hash);
    }

    /// <summary>Whether the hashes are equal. The time does not depend on where they differ.</summary>
    public bool FixedTimeEquals(in TokenHash other) => ((_left ^ other._left) | (_right ^ other._right)) == UInt128.Zero;

    public byte[] ToArray()
    {
        byte[] bytes = new byte[SHA256.HashSizeInBytes];
        MemoryMarshal.Write(bytes, _left);
        MemoryMarshal.Write(bytes.AsSpan(16), _right);
        return bytes;
    }
}
