using System.Globalization;
using System.Text.RegularExpressions;

namespace Nyala.EndToEnd.Support;

/// <summary>Reads the text format of Prometheus.</summary>
internal static class Prometheus
{
    /// <summary>Returns the sum of a metric over the series whose labels contain <paramref name="label"/>; NaN if there is none.</summary>
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
