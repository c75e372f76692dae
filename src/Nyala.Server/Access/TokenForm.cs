using Nyala.Server.Http;
using Nyala.Server.Sites;

namespace Nyala.Server.Access;

/// <summary>A valid request to create a token.</summary>
internal sealed record TokenForm(string Name, Scopes Scopes, string? Site, DateTimeOffset? Expires)
{
    private const int MaxName = 100;

    /// <summary>Reads the form. Returns null, and adds errors to the fields, if a field is not valid.</summary>
    public static TokenForm? Read(JsonFields fields, DateTimeOffset now)
    {
        string? name = fields.Text("name", MaxName)?.Trim();
        if (name is null ? !fields.Has("name") : name.Length == 0 || name.Any(char.IsControl))
        {
            fields.Refuse("name", "'name' must be 1 to 100 characters without control characters. It says who uses the token, for example a CI job.");
        }

        Scopes? scopes = null;
        if (fields.Texts("scopes") is { } names)
        {
            scopes = ScopeNames.Parse(names);
        }

        if (scopes is null && fields.Errors.All(error => error.Field != "scopes"))
        {
            fields.Refuse("scopes", $"'scopes' must be a list of one or more of {ScopeNames.All}.");
        }

        string? site = fields.Text("site");
        if (site is not null && !SiteName.IsValid(site))
        {
            fields.Refuse("site", $"'site' must be a site name: {SiteName.Rule}.");
        }
        else if (site is not null && scopes is { } asked && asked.HasFlag(Scopes.Admin))
        {
            fields.Refuse("site", "'site' cannot be combined with the scope admin, which covers the whole server. Use the scopes hooks and deploy instead.");
        }

        DateTimeOffset? expires = fields.Time("expires");
        if (expires <= now)
        {
            fields.Refuse("expires", "'expires' must be in the future.");
        }

        return fields.Errors.Count == 0 ? new TokenForm(name!, scopes!.Value, site, expires) : null;
    }
}
