namespace Nyala.Server.Hosting;

/// <summary>What options are called in messages: as the operator wrote them.</summary>
/// <param name="Written">Gives what is written for a key, or for the beginning of one; null if nothing is.</param>
/// <param name="Spell">Gives an option's name in the form of what is written for a key.</param>
internal sealed record OptionNames(Func<string, string?> Written, Func<string, string, string?> Spell)
{
    /// <summary>Keys as they are.</summary>
    public static OptionNames Keys { get; } = new(path => path, (_, key) => key);

    public string Of(string path) => Written(path) ?? path;

    /// <summary>Names in an error the option that it begins with.</summary>
    public string In(string error) => error.Split(' ', 2) is [var key, var rest] ? $"{Of(key)} {rest}" : error;
}
