namespace Nyala.Server.Outbound.Formats;

/// <summary>What a hook sets for its format, by name. The names are those that the format declares.</summary>
internal sealed class FormatSettings(IReadOnlyDictionary<string, string> values)
{
    private object? _prepared;

    /// <summary>No settings.</summary>
    public static FormatSettings None { get; } = new(new Dictionary<string, string>());

    public IReadOnlyDictionary<string, string> Values => values;

    /// <summary>Returns a setting; null if the hook does not set it.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Returns what a format makes of these settings. It is made once, for example to parse a template, and is not changed afterwards.</summary>
    public T Prepared<T>(Func<FormatSettings, T> prepare)
        where T : class => (T)(_prepared ??= prepare(this));
}

/// <summary>A setting that a format declares.</summary>
/// <param name="Name">Its name in <c>format_settings</c>.</param>
/// <param name="Meaning">What it sets, for the documentation.</param>
internal sealed record FormatSetting(string Name, string Meaning)
{
    /// <summary>Whether every hook of the format must set it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether the value is a credential, which reads mask.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Returns why a value is refused; null if it is accepted.</summary>
    public Func<string, string?> Refuses { get; init; } = _ => null;

    /// <summary>Accepts only these values.</summary>
    public static Func<string, string?> OneOf(params IReadOnlyList<string> values) =>
        value => values.Contains(value) ? null : $"It must be one of {string.Join(", ", values)}.";
}
