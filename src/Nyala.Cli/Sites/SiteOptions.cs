using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Nyala.Client;

namespace Nyala.Cli.Sites;

/// <summary>What can be chosen of a site, when it is created and later.</summary>
internal sealed class SiteOptions
{
    private readonly Option<string?> _branch = new("--branch") { Description = "The branch that is deployed when it is pushed to. Default: main.", HelpName = "name" };

    private readonly Option<string?> _command = new("--command")
    {
        Description = "The shell command that deploys, such as ./deploy.sh. Default: what the source's .deployment file says, else none: its files are the release.",
        HelpName = "command",
    };

    private readonly Option<int?> _keep = new("--keep")
    {
        Description = "How many releases are kept, 1 to 100. The active one always is. Default: 5.",
        HelpName = "number",
        CustomParser = ParseKeep,
    };

    private readonly Option<string?> _host = new("--host")
    {
        Description = "The host name that events carry, with a port where it has one, such as shop.example.com. Default: the server's choice.",
        HelpName = "host",
    };

    public static SiteOptions AddTo(Command command)
    {
        var options = new SiteOptions();
        command.Add(options._branch);
        command.Add(options._command);
        command.Add(options._keep);
        command.Add(options._host);
        return options;
    }

    /// <summary>What was chosen; null for what was not.</summary>
    public SiteChange Read(ParseResult parsed) => new()
    {
        Branch = parsed.GetValue(_branch),
        Command = parsed.GetValue(_command),
        Keep = parsed.GetValue(_keep),
        Host = parsed.GetValue(_host),
    };

    private static int? ParseKeep(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int keep) && keep is >= 1 and <= 100)
        {
            return keep;
        }

        result.AddError("--keep must be a whole number from 1 to 100.");
        return null;
    }
}
