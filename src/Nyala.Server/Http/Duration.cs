using System.Globalization;

namespace Nyala.Server.Http;

/// <summary>Parses durations such as <c>250ms</c>, <c>30s</c>, <c>5m</c>, <c>12h</c>, <c>7d</c>, or .NET's <c>00:00:30</c>.</summary>
internal static class Duration
{
    private static readonly (string Unit, TimeSpan Size)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        text = text?.Trim() ?? "";
        foreach ((string unit, TimeSpan size) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                && number >= 0
                && number <= TimeSpan.MaxValue / size / 2)
            {
                duration = size * number;
                return true;
            }
        }

        // A number without a unit is refused, because .NET reads it as days, and most people mean seconds.
        duration = default;
        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration);
    }
}
