using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Nyala.Server.Disk;

namespace Nyala.Server.Hosting;

/// <summary>
/// Proves that this process holds a data folder: it answers a caller's nonce with a digest under a key that lies in the folder and
/// is new at each start. The port is part of it, so that a program on another port cannot pass the question on to the server.
/// </summary>
internal sealed class HolderProof
{
    /// <summary>Where a server answers; the nonce is the query's <c>nonce</c>.</summary>
    public const string Path = "/healthz/holder";

    /// <summary>The file of the key within the data folder.</summary>
    public const string FileName = "holder-key";

    private const int MaxNonce = 128;

    private const int KeyBytes = 32;

    private readonly byte[] _key;

    public HolderProof()
        : this(RandomNumberGenerator.GetBytes(KeyBytes))
    {
    }

    private HolderProof(byte[] key) => _key = key;

    /// <summary>Reads the key that the holder of a folder has left; null if there is none that can be read.</summary>
    public static HolderProof? In(string dataFolder)
    {
        try
        {
            byte[] key = File.ReadAllBytes(System.IO.Path.Combine(dataFolder, FileName));
            return key.Length == KeyBytes ? new HolderProof(key) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Leaves the key in the data folder, in place of an earlier holder's.</summary>
    public void Keep(string dataFolder) => DurableFiles.WritePrivate(System.IO.Path.Combine(dataFolder, FileName), _key);

    /// <summary>Whether a text will do as a nonce.</summary>
    public static bool IsNonce(string? text) => text is { Length: > 0 and <= MaxNonce } && text.All(char.IsAsciiLetterOrDigit);

    /// <summary>What the holder answers.</summary>
    /// <param name="nonce">The caller's.</param>
    /// <param name="port">The port that the caller has connected to.</param>
    public string Of(string nonce, int port) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{port}\n{nonce}"))));

    /// <summary>Whether an answer is the holder's, in a time that says nothing of how close it is.</summary>
    public bool Is(string answer, string nonce, int port) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(answer), Encoding.UTF8.GetBytes(Of(nonce, port)));
}
