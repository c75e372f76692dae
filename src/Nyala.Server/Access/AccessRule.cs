
namespace Nyala.Server.Access;

/// <summary>Why a known caller is refused, and what to do.</summary>
internal sealed record Denial(string Title, string Detail);

/// <summary>
/// Decides whether a caller may use an endpoint: by the scopes of its token, and by its token's site and the site in the path. The rooms decide what a path shows.
/// Pure.
/// </summary>
internal static class AccessRule
{
    /// <summary>Judges a request. Returns null if it is allowed.</summary>
    /// <param name="need">The endpoint's requirement; null if it declares none, which allows nobody.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="site">The site in the path; null at the root.</param>
    /// <param name="path">The path, for the error message.</param>
    public static Denial? Judge(ScopeRequirement? need, Caller caller, string? site, string path)
    {
        if (need is null)
        {
            return new Denial("This path is closed", "It declares no required scope, so every request is refused. This is a fault of the server; please report it.");
        }

        if (!Suffices(caller.Scopes, need.AnyOf))
        {
            string needed = ScopeNames.Spell(need.AnyOf, " or ");
            return new Denial(
                "Insufficient scope",
                $"This request needs the scope {needed}. The token '{caller.Name}' has {ScopeNames.Spell(caller.Scopes, ", ")}. An admin can create another with `nyala tokens create NAME --scope {ScopeNames.Of(need.AnyOf)[0]}`.");
        }

        if (need.AnyOf != Scopes.None && caller.Site is { } own && !own.Equals(site, StringComparison.OrdinalIgnoreCase))
        {
            return new Denial("This token is for another site", $"The token '{caller.Name}' is limited to the site '{own}': use {AtSite(own, site, path)}.");
        }

        return null;
    }

    /// <summary>Whether the caller has one of the required scopes. Every scope includes reading, and admin includes everything.</summary>
    private static bool Suffices(Scopes has, Scopes anyOf) =>
        anyOf == Scopes.None || has.HasFlag(Scopes.Admin) || (has & anyOf) != 0 || (anyOf.HasFlag(Scopes.Read) && has != Scopes.None);

    private static string AtSite(string own, string? site, string path)
    {
        const string Sites = "/sites";
        if (site is null)
        {
            return $"{Sites}/{own}{path}";
        }

        // The search starts after /sites if the path has it, because a site may itself be named "sites".
        int from = path.IndexOf(Sites + "/", StringComparison.OrdinalIgnoreCase) is >= 0 and var at ? at + Sites.Length : 0;
        int named = path.IndexOf("/" + site, from, StringComparison.OrdinalIgnoreCase);
        return named < 0 ? $"{Sites}/{own}" : $"{path[..named]}/{own}{path[(named + 1 + site.Length)..]}";
    }
}
