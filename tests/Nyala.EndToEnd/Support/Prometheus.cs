using System.Globalization;
using System.Text.RegularExpressions;

namespace Nyala.EndToEnd.Support;

/// <summary>Reads Prometheus' text.</summary>
internal static class Prometheus
{
    /// <summary>The sum of a metric over those of its labels that hold <paramref name="label"/>; NaN where it is not there.</summary>
    public static double Value(string text, string metric, string label = "")
    {
        double[] values =
        [
            .. text.Split('\n')
            .Select(line => Regex.Match(line, $$"""^{{metric}}(\{(?<labels>.*)\})? (?<value>\S+)"""))
            .Where(match => match.Success && match.Groups["labels"].Value.Contains(label, StringComparison.Ordinal))
            .Select(match => double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)),
        ];
        return values.Length == 0 ? double.NaN : values.Sum();
    }
}
