using System.Security.Cryptography;
using System.Text;
using Nyala.Server.Disk;

namespace Nyala.Server.Access;

/// <summary>The token that may do everything. The server keeps its hash; the file is for the command line on the same machine.</summary>
internal sealed class AdminToken
{
    /// <summary>The file's name within the data folder.</summary>
    public const string FileName = "admin-token";

    /// <summary>The shortest token that an operator may choose.</summary>
    public const int MinLength = 16;

    private readonly byte[] _hash;

    private AdminToken(string token, bool isNew, string file)
    {
        _hash = Hash(token);
        (IsNew, File, Shown) = (isNew, file, isNew ? token : null);
    }

    /// <summary>Whether this start made it.</summary>
    public bool IsNew { get; }

    /// <summary>Where it is kept, readable by its owner alone.</summary>
    public string File { get; }

    /// <summary>The token itself, to be printed once; null if it was made at an earlier start.</summary>
    public string? Shown { get; }

    /// <summary>Reads the data folder's token, or makes it.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="chosen">A token that the operator chose; null lets one be made. It replaces another that is kept.</param>
    public static AdminToken Ensure(string dataFolder, string? chosen)
    {
        string file = Path.Combine(dataFolder, FileName);
        string? kept = System.IO.File.Exists(file) ? System.IO.File.ReadAllText(file).Trim() : null;
        if (chosen is not null)
        {
            if (chosen != kept)
            {
                Write(file, chosen);
            }

            return new AdminToken(chosen, isNew: false, file);
        }

        if (kept is { Length: >= MinLength })
        {
            return new AdminToken(kept, isNew: false, file);
        }

        string made = TokenHash.CreateToken();
        Write(file, made);
        return new AdminToken(made, isNew: true, file);
    }

    /// <summary>Whether this is the token, in a time that says nothing of how close it is.</summary>
    public bool Matches(string token) => CryptographicOperations.FixedTimeEquals(Hash(token), _hash);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static void Write(string file, string token) => DurableFiles.WritePrivate(file, Encoding.UTF8.GetBytes(token + "\n"));
}
