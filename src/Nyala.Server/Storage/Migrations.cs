using DbUp.Builder;
using DbUp.Engine;
using DbUp.Engine.Output;

namespace Nyala.Server.Storage;

/// <summary>
/// Brings the tables of a database up to date, in the same way for each kind of store. Its scripts are embedded and numbered, and never change once released.
/// The table <c>SchemaVersions</c> lists those that were run.
/// </summary>
/// <param name="folder">The folder of the scripts below <c>Storage/</c>, separated by dots.</param>
internal sealed class Migrations(string folder)
{
    private readonly string _prefix = $".Storage.{folder}.";

    /// <summary>Returns why a database is refused: it was written by a newer server, or belongs to another program. Returns null if it is accepted.</summary>
    /// <param name="tables">The names of its tables.</param>
    /// <param name="scripts">Returns the names of the scripts that were run. It is called only if the database has such a list.</param>
    public string? Refuse(IReadOnlyList<string> tables, Func<IReadOnlyList<string>> scripts)
    {
        if (tables.Count == 0)
        {
            return null;
        }

        if (!tables.Contains("SchemaVersions", StringComparer.OrdinalIgnoreCase))
        {
            return $"it belongs to another program, and has the table {tables[0]}.";
        }

        string[] known = [.. typeof(Migrations).Assembly.GetManifestResourceNames().Where(IsScript)];
        return scripts().Where(name => IsScript(name) && !known.Contains(name)).Max(StringComparer.Ordinal) is { } latest
            ? $"it was written by a newer version of nyala ({latest[(latest.IndexOf(_prefix, StringComparison.Ordinal) + _prefix.Length)..]}), and this version cannot read it."
            : null;
    }

    /// <summary>Runs the scripts that were not run before, all in one transaction.</summary>
    /// <exception cref="StoreUnavailableException">A script failed. The database is unchanged.</exception>
    public void Apply(UpgradeEngineBuilder database)
    {
        DatabaseUpgradeResult result = database
            .WithScriptsEmbeddedInAssembly(typeof(Migrations).Assembly, IsScript)
            .WithTransaction()
            .LogTo(new NoOpUpgradeLog())
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw new StoreUnavailableException($"The database cannot be opened: {result.Error.Message}", full: false, result.Error);
        }
    }

    private bool IsScript(string name) => name.Contains(_prefix, StringComparison.Ordinal);
}
