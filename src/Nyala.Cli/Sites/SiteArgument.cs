using System.CommandLine;

namespace Nyala.Cli.Sites;

/// <summary>The site that a verb is about, as its first argument.</summary>
internal sealed class SiteArgument
{
    private readonly Argument<string> _argument = new("site") { Description = "The site's name." };

    public static SiteArgument AddTo(Command command)
    {
        var site = new SiteArgument();
        command.Add(site._argument);
        return site;
    }

    /// <summary>The name. One that cannot be is wrong usage: in a path it might lead elsewhere.</summary>
    public string Read(ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(_argument);
        return Names.IsValid(name) ? name : throw CommandFailure.Usage($"a site's name is {Names.Rule}.");
    }
}
