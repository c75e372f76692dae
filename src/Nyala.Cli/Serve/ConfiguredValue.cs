namespace Nyala.Cli.Serve;

/// <summary>An option as somebody set it.</summary>
/// <param name="Key">Its key, such as <c>Delivery:Life</c>, in any case.</param>
/// <param name="Source">Where it was set.</param>
/// <param name="Written">The key, variable or flag as it was written.</param>
internal sealed record ConfiguredValue(string Key, string? Value, ConfigurationSource Source, string Written)
{
    /// <summary>What names a part of the key in a message: the variable or the flag as a whole, or the path in the file.</summary>
    /// <param name="path">The key, or the beginning of it up to a colon.</param>
    public string NameOf(string path) => Source.File is { } file ? $"{Written[..Math.Min(path.Length, Written.Length)]} in {file}" : Written;

    /// <summary>What an option is called where this one was set.</summary>
    public string Spell(string key) => Source.Prefix is { } prefix ? prefix + key.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant() : key;
}

/// <summary>A place where options are set.</summary>
/// <param name="File">The file's path; null for no file.</param>
/// <param name="Prefix">What its variables begin with; null for no variables.</param>
internal sealed record ConfigurationSource(string? File = null, string? Prefix = null);
