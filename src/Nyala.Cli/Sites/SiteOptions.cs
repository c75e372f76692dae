using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Nyala.Client;

namespace Nyala.Cli.Sites;

/// <summary>The options for the settings of a site, for <c>sites create</c> and <c>sites set</c>.</summary>
internal sealed class SiteOptions
{
    private readonly Option<string?> _branch = new("--branch") { Description = "The branch to deploy when it is pushed.", HelpName = "name" };

    private readonly Option<string?> _command = new("--command") { Description = "The deploy command, run by the shell, for example ./deploy.sh.", HelpName = "command" };

    private readonly Option<int?> _keep = new("--keep")
    {
        Description = "The number of releases to keep, 1 to 100. The active release is always kept.",
        HelpName = "number",
        CustomParser = ParseKeep,
    };

    private readonly Option<string?> _host = new("--host")
    {
        Description = "The host name in events, with an optional port, for example shop.example.com.",
        HelpName = "host",
    };

    /// <param name="command">The command.</param>
    /// <param name="withDefaults">Whether options that are not given have a default, as for a new site. If not, they leave the site as it is.</param>
    public static SiteOptions AddTo(Command command, bool withDefaults)
    {
        var options = new SiteOptions();
        if (withDefaults)
        {
            options._branch.Description += " Default: main.";
            options._command.Description += " Default: the command in the source's .deployment file. If there is none, the files are deployed as they are.";
            options._keep.Description += " Default: 5.";
            options._host.Description += " Default: chosen by the server.";
        }

        command.Add(options._branch);
        command.Add(options._command);
        command.Add(options._keep);
        command.Add(options._host);
        return options;
    }

    /// <summary>Returns the settings that were given. All others are null.</summary>
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
