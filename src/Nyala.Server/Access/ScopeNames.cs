
namespace Nyala.Server.Access;

/// <summary>The names of scopes in the API.</summary>
internal static class ScopeNames
{
    private static readonly (Scopes Scope, string Name)[] Names =
        [(Scopes.Admin, "admin"), (Scopes.Hooks, "hooks"), (Scopes.Deploy, "deploy"), (Scopes.Read, "read")];

    /// <summary>Every name, for error messages.</summary>
    public static string All { get; } = string.Join(", ", Names.Select(pair => pair.Name));

    public static IReadOnlyList<string> Of(Scopes scopes) => [.. Names.Where(pair => scopes.HasFlag(pair.Scope)).Select(pair => pair.Name)];

    public static string Spell(Scopes scopes, string separator) => string.Join(separator, Of(scopes));

    /// <summary>Parses names. Returns null if a name is unknown, or if there are none.</summary>
    public static Scopes? Parse(IEnumerable<string> names)
    {
        Scopes scopes = Scopes.None;
        foreach (string name in names)
        {
            Scopes scope = Names.FirstOrDefault(pair => pair.Name.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase)).Scope;
            if (scope == Scopes.None)
            {
                return null;
            }

            scopes |= scope;
        }

        return scopes == Scopes.None ? null : scopes;
    }
}
