namespace Nyala.Cli.Serve;

/// <summary>An option with the value that the operator set.</summary>
/// <param name="Key">The option's key, such as <c>Delivery:Life</c>. It is not case-sensitive.</param>
/// <param name="Source">The place where the option was set.</param>
/// <param name="Written">The key, variable or flag as the operator wrote it.</param>
internal sealed record ConfiguredValue(string Key, string? Value, ConfigurationSource Source, string Written)
{
    /// <summary>Returns the name of the key, or of a section above it, for a message: the whole variable or flag, or the path in the file.</summary>
    /// <param name="path">The key, or the start of the key up to a colon.</param>
    public string NameOf(string path) => Source.File is { } file ? $"{Written[..Math.Min(path.Length, Written.Length)]} in {file}" : Written;

    /// <summary>Returns the name of another option in the form of this one, for example as an environment variable.</summary>
    public string Spell(string key) => Source.Prefix is { } prefix ? prefix + key.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant() : key;
}

/// <summary>A place where options are set.</summary>
/// <param name="File">The path of the file; null if the place is not a file.</param>
/// <param name="Prefix">The prefix of the environment variables; null if the place is not the environment.</param>
internal sealed record ConfigurationSource(string? File = null, string? Prefix = null);
