namespace Nyala.Server.Hosting;

/// <summary>The names of options in messages, as the operator wrote them.</summary>
/// <param name="Written">Returns what was written for a key, or for the beginning of a key; null if nothing was.</param>
/// <param name="Spell">Formats the name of an option (the second argument) in the form in which a key (the first argument) was written.</param>
internal sealed record OptionNames(Func<string, string?> Written, Func<string, string, string?> Spell)
{
    /// <summary>Uses the keys as names.</summary>
    public static OptionNames Keys { get; } = new(path => path, (_, key) => key);

    public string Of(string path) => Written(path) ?? path;

    /// <summary>Replaces the option at the beginning of an error with its name.</summary>
    public string In(string error) => error.Split(' ', 2) is [var key, var rest] ? $"{Of(key)} {rest}" : error;
}
