namespace Nyala.Server.Events;

/// <summary>A text in which each <c>*</c> matches any number of characters, including none.</summary>
internal sealed class Pattern(string text, StringComparison comparison)
{
    private readonly string[] _parts = text.Split('*');

    public bool Matches(ReadOnlySpan<char> value)
    {
        if (_parts.Length == 1)
        {
            return value.Equals(_parts[0], comparison);
        }

        if (!value.StartsWith(_parts[0], comparison))
        {
            return false;
        }

        value = value[_parts[0].Length..];
        if (!value.EndsWith(_parts[^1], comparison))
        {
            return false;
        }

        // Matching each part at its first occurrence leaves the most text for the parts after it. A match in ordinal comparison has the length of the part.
        value = value[..^_parts[^1].Length];
        foreach (string part in _parts.AsSpan(1, _parts.Length - 2))
        {
            int at = value.IndexOf(part, comparison);
            if (at < 0)
            {
                return false;
            }

            value = value[(at + part.Length)..];
        }

        return true;
    }
}
