using System.Text;
using Nyala.Server.Disk;

namespace Nyala.Server.Access;

/// <summary>The admin token, which has every scope. The server keeps its hash; the file is for the command line on the same machine.</summary>
internal sealed class AdminToken
{
    /// <summary>The name of the token's file in the data folder.</summary>
    public const string FileName = "admin-token";

    /// <summary>The minimum length, in characters, of a token that an operator chooses.</summary>
    public const int MinLength = 16;

    private readonly TokenHash _hash;

    private AdminToken(string token, bool isNew, string file)
    {
        _hash = TokenHash.Of(token);
        (IsNew, File, Shown) = (isNew, file, isNew ? token : null);
    }

    /// <summary>Whether this start created the token.</summary>
    public bool IsNew { get; }

    /// <summary>The path of the token's file. Only its owner can read it.</summary>
    public string File { get; }

    /// <summary>The token itself, to be printed once; null if this start did not create it.</summary>
    public string? Shown { get; }

    /// <summary>Reads the data folder's token, or creates it.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="chosen">A token that the operator chose, which replaces an existing token; null to keep the existing token or create one.</param>
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

    /// <summary>Whether this is the token. The time that the comparison takes does not reveal how close a guess is.</summary>
    public bool Matches(in TokenHash hash) => _hash.FixedTimeEquals(hash);

    private static void Write(string file, string token) => DurableFiles.WritePrivate(file, Encoding.UTF8.GetBytes(token + "\n"));
}
