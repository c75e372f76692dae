using System.CommandLine;
using Nyala.Client;

namespace Nyala.Cli.Sites;

/// <summary>The site as the first argument of a verb.</summary>
internal sealed class SiteArgument
{
    private readonly Argument<string> _argument;

    private SiteArgument(string description) => _argument = new("site") { Description = description };

    public static SiteArgument AddTo(Command command, string description = "The site's name, its first or last four or more characters, or latest.")
    {
        var site = new SiteArgument(description);
        command.Add(site._argument);
        return site;
    }

    /// <summary>Returns the full name of the site. The argument can be shortened.</summary>
    public async Task<string> FindAsync(ParseResult parsed, NyalaClient client, CancellationToken cancellationToken)
    {
        string given = parsed.GetRequiredValue(_argument);
        return await SiteLookup.NameAsync(client, given == "latest" ? given : Read(parsed), cancellationToken);
    }

    /// <summary>Returns the name as it was given. A name that is not valid is wrong usage, because it could change the URL path.</summary>
    public string Read(ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(_argument);
        return NameRule.IsValid(name) ? name : throw CommandFailure.Usage($"a site name must be {NameRule.Rule}.");
    }
}
