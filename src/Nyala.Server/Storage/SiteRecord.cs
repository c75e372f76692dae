namespace Nyala.Server.Storage;

/// <summary>A site as it is stored.</summary>
/// <param name="Name">The name as it was first written. Names are unique without regard to case.</param>
/// <param name="Branch">The branch to deploy.</param>
/// <param name="Command">The deploy command; null for the one that the source defines.</param>
/// <param name="Keep">The number of releases to keep.</param>
/// <param name="Host">The host name in the site's events; null for the server's own.</param>
/// <param name="Created">The time the site was first named.</param>
internal sealed record SiteRecord(string Name, string Branch, string? Command, int Keep, string? Host, DateTimeOffset Created)
{
    public const string DefaultBranch = "main";
    public const int DefaultKeep = 5;

    /// <summary>Whether someone created the site explicitly, rather than a hook or a report naming it.</summary>
    public bool IsConfigured { get; init; }

    /// <summary>Creates a site with default values.</summary>
    public static SiteRecord New(string name, DateTimeOffset created) => new(name, DefaultBranch, null, DefaultKeep, null, created);
}

/// <summary>A setting of a site. The name is compared case-insensitively; the value is encrypted.</summary>
internal sealed record SiteSetting(string Name, string Value);
