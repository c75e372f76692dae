using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Nyala.Cli.Output;

/// <summary><c>--limit</c>: the maximum number of entries in a list.</summary>
internal static class LimitOption
{
    private const int Default = 100;

    public static Option<int> AddTo(Command command)
    {
        var limit = new Option<int>("--limit")
        {
            Description = "The maximum number of entries.",
            HelpName = "number",
            CustomParser = Parse,
            DefaultValueFactory = _ => Default,
        };
        command.Add(limit);
        return limit;
    }

    private static int Parse(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit > 0)
        {
            return limit;
        }

        result.AddError("--limit must be a whole number, 1 or more.");
        return Default;
    }
}
