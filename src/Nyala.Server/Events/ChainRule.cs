using Microsoft.Extensions.Primitives;

namespace Nyala.Server.Events;

/// <summary>Counts the publishes that led to one another, so that a hook pointed at the server's own publish cannot go round forever. Pure.</summary>
internal static class ChainRule
{
    public const string Header = "Nyala-Chain";

    /// <summary>How many publishes may have led to one.</summary>
    public const int Most = 5;

    /// <summary>
    /// Reads the header: how many publishes led to this one, 0 if it is absent. Null if it cannot be read: a mangled count
    /// must not start again at zero, so the publish is refused.
    /// </summary>
    public static int? Read(StringValues values)
    {
        if (values.Count == 0)
        {
            return 0;
        }

        string text = values.Count == 1 ? values[0]! : "";
        return text.Length is 0 || !text.All(char.IsAsciiDigit) ? null
            : int.TryParse(text, out int count) ? count
            : int.MaxValue;
    }
}
