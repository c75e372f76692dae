using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Nyala.Server.Disk;

namespace Nyala.Server.Hosting;

/// <summary>
/// Proves that this process holds a data folder. It responds to a caller's nonce with a digest under a key that is in the folder and changes at each start. The
/// digest includes the port, so that a program on another port cannot forward the request to the server.
/// </summary>
internal sealed class DataFolderProof
{
    /// <summary>The path that responds to a nonce. The nonce is the query parameter <c>nonce</c>.</summary>
    public const string Path = "/healthz/holder";

    /// <summary>The name of the key file in the data folder.</summary>
    public const string FileName = "holder-key";

    private const int MaxNonce = 128;

    private const int KeyBytes = 32;

    private readonly byte[] _key;

    public DataFolderProof()
        : this(RandomNumberGenerator.GetBytes(KeyBytes))
    {
    }

    private DataFolderProof(byte[] key) => _key = key;

    /// <summary>Reads the key that the holder of a folder wrote; null if the key is missing, invalid or cannot be read.</summary>
    public static DataFolderProof? In(string dataFolder)
    {
        try
        {
            byte[] key = File.ReadAllBytes(System.IO.Path.Combine(dataFolder, FileName));
            return key.Length == KeyBytes ? new DataFolderProof(key) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes the key to the data folder, replacing the key of an earlier holder.</summary>
    public void Keep(string dataFolder) => DurableFiles.WritePrivate(System.IO.Path.Combine(dataFolder, FileName), _key);

    /// <summary>Whether a text is a valid nonce.</summary>
    public static bool IsNonce(string? text) => text is { Length: > 0 and <= MaxNonce } && text.All(char.IsAsciiLetterOrDigit);

    /// <summary>Returns the holder's response.</summary>
    /// <param name="nonce">The caller's nonce.</param>
    /// <param name="port">The port that the caller connected to.</param>
    public string Of(string nonce, int port) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{port}\n{nonce}"))));

    /// <summary>Whether a response is the holder's. The comparison takes the same time however similar the response is.</summary>
    public bool Is(string answer, string nonce, int port) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(answer), Encoding.UTF8.GetBytes(Of(nonce, port)));
}
