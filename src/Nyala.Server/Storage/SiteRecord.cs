namespace Nyala.Server.Storage;

/// <summary>A site as it is stored.</summary>
/// <param name="Name">Its name as it was first written. Names differ by more than case.</param>
/// <param name="Branch">The branch that is deployed.</param>
/// <param name="Command">What deploys it; null for what the source asks for.</param>
/// <param name="Keep">How many releases are kept.</param>
/// <param name="Host">The host name that its events carry; null for the server's own.</param>
/// <param name="Created">When it was first named.</param>
internal sealed record SiteRecord(string Name, string Branch, string? Command, int Keep, string? Host, DateTimeOffset Created)
{
    public const string DefaultBranch = "main";
    public const int DefaultKeep = 5;

    /// <summary>Whether somebody set it up; else a hook or a report named it.</summary>
    public bool Declared { get; init; }

    /// <summary>A site that nothing was said of.</summary>
    public static SiteRecord New(string name, DateTimeOffset created) => new(name, DefaultBranch, null, DefaultKeep, null, created);
}

/// <summary>A setting of a site: a name, without regard to case, and its value, encrypted.</summary>
internal sealed record SiteSetting(string Name, string Value);
