using Microsoft.Extensions.Primitives;

namespace Nyala.Server.Events;

/// <summary>Counts publishes that led to one another, so that a hook whose URL publishes on this server cannot loop forever. Pure.</summary>
internal static class ChainRule
{
    public const string Header = "Nyala-Chain";

    /// <summary>The maximum number of publishes that may have led to a publish.</summary>
    public const int MaxLength = 5;

    /// <summary>
    /// Reads the number of publishes that led to this one. Returns 0 if the header is absent, and null if it cannot be read: a damaged count must not
    /// restart at zero, so such a publish is refused.
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
