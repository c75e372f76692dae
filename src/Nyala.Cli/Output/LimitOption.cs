using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Nyala.Cli.Output;

/// <summary><c>--limit</c>: how many entries of a list.</summary>
internal static class LimitOption
{
    public static Option<int?> AddTo(Command command)
    {
        var limit = new Option<int?>("--limit")
        {
            Description = "How many at most. Default: the server's 100.",
            HelpName = "number",
            CustomParser = Parse,
        };
        command.Add(limit);
        return limit;
    }

    private static int? Parse(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit > 0)
        {
            return limit;
        }

        result.AddError("--limit must be a whole number, 1 or more.");
        return null;
    }
}
