
namespace Nyala.Server.Access;

/// <summary>Why a known caller is refused, and what to do.</summary>
internal sealed record Denial(string Title, string Detail);

/// <summary>Decides whether a caller may use an endpoint.</summary>
internal static class AccessRule
{
    /// <summary>Judges a request; null lets it in.</summary>
    /// <param name="need">What the endpoint declares; null if it was forgotten, which lets nobody in.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="site">The site in the path; null at the root.</param>
    /// <param name="path">The path, for the answer.</param>
    public static Denial? Judge(ScopeRequirement? need, Caller caller, string? site, string path)
    {
        if (need is null)
        {
            return new Denial("This path is closed", "It does not say what it needs, so nobody is let in. This is a fault of the server; please report it.");
        }

        if (!Suffices(caller.Scopes, need.AnyOf))
        {
            string needed = ScopeNames.Spell(need.AnyOf, " or ");
            return new Denial(
                "This token may not do that",
                $"This needs the scope {needed}; the token '{caller.Name}' has {ScopeNames.Spell(caller.Scopes, ", ")}. An admin makes another with `nyala tokens create NAME --scope {ScopeNames.Of(need.AnyOf)[0]}`.");
        }

        if (need.AnyOf != Scopes.None && caller.Site is { } own && !own.Equals(site, StringComparison.OrdinalIgnoreCase))
        {
            return new Denial("This token is another site's", $"The token '{caller.Name}' is good for the site '{own}' alone: use {AtSite(own, site, path)}.");
        }

        return null;
    }

    /// <summary>Whether one of the scopes that are needed is there. Every scope can read, and admin can all.</summary>
    private static bool Suffices(Scopes has, Scopes anyOf) =>
        anyOf == Scopes.None || has.HasFlag(Scopes.Admin) || (has & anyOf) != 0 || (anyOf.HasFlag(Scopes.Read) && has != Scopes.None);

    private static string AtSite(string own, string? site, string path)
    {
        const string Sites = "/sites";
        if (site is null)
        {
            return $"{Sites}/{own}{path}";
        }

        // Behind /sites where that comes first, since a site may have that name itself.
        int from = path.IndexOf(Sites + "/", StringComparison.OrdinalIgnoreCase) is >= 0 and var at ? at + Sites.Length : 0;
        int named = path.IndexOf("/" + site, from, StringComparison.OrdinalIgnoreCase);
        return named < 0 ? $"{Sites}/{own}" : $"{path[..named]}/{own}{path[(named + 1 + site.Length)..]}";
    }
}
