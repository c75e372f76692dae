using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Nyala.Cli.Deployments;

/// <summary><c>--run</c>: the number of a run of the deployment.</summary>
internal static class RunOption
{
    public static Option<int?> AddTo(Command command)
    {
        var run = new Option<int?>("--run")
        {
            Description = "The run number, as shown by \"nyala deployments list\". Default: the latest run.",
            HelpName = "number",
            CustomParser = Parse,
        };
        command.Add(run);
        return run;
    }

    private static int? Parse(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int run) && run > 0)
        {
            return run;
        }

        result.AddError("--run must be a run number, 1 or more.");
        return null;
    }
}
