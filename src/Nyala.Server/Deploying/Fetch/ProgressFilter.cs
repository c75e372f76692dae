using System.Globalization;
using System.Text.RegularExpressions;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// Selects the lines of a fetch that people read. Of the progress lines it keeps the first of each quarter and the last; it keeps all other lines. Control
/// characters are removed, because the lines come from the other server and go to terminals.
/// </summary>
internal sealed partial class ProgressFilter
{
    private const int Quarter = 25;

    private string _phase = "";
    private int _told = -1;

    /// <summary>Returns the line as it is shown; null if it is not shown.</summary>
    public string? Pass(string line)
    {
        string shown = string.Concat(line.Where(c => !char.IsControl(c))).TrimEnd();
        if (shown.Length == 0)
        {
            return null;
        }

        Match match = Counting().Match(shown);
        if (!match.Success)
        {
            return shown;
        }

        string phase = match.Groups["phase"].Value;
        int percent = int.Parse(match.Groups["percent"].Value, CultureInfo.InvariantCulture);
        bool done = shown.EndsWith("done.", StringComparison.Ordinal);
        if (phase == _phase && percent / Quarter <= _told / Quarter && !done)
        {
            return null;
        }

        // The end is shown once, by the line that ends with "done." and has the total.
        (_phase, _told) = (phase, percent);
        return percent < 100 || done ? shown : null;
    }

    [GeneratedRegex(@"^(?<phase>(remote: )?[A-Z][A-Za-z ]{0,60}): +(?<percent>\d{1,3})% ")]
    private static partial Regex Counting();
}
