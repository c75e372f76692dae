using System.CommandLine;
using Nyala.Client;

namespace Nyala.Cli.Sites;

/// <summary>The site that a verb is about, as its first argument.</summary>
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

    /// <summary>The name of the site that is meant, which may be shortened.</summary>
    public async Task<string> FindAsync(ParseResult parsed, NyalaClient client, CancellationToken cancellationToken)
    {
        string given = parsed.GetRequiredValue(_argument);
        return await SiteLookup.NameAsync(client, given == "latest" ? given : Read(parsed), cancellationToken);
    }

    /// <summary>The name as it is given. One that cannot be is wrong usage: in a path it might lead elsewhere.</summary>
    public string Read(ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(_argument);
        return NameRule.IsValid(name) ? name : throw CommandFailure.Usage($"a site name must be {NameRule.Rule}.");
    }
}
