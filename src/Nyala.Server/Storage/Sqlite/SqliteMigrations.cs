using DbUp;
using DbUp.Engine;
using DbUp.Engine.Output;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>Brings the tables of a database up to date. The scripts are embedded and numbered, and never change once released.</summary>
internal static class SqliteMigrations
{
    private const string Folder = ".Sqlite.Migrations.";

    /// <summary>Refuses a database that was written by a newer server or belongs to another program.</summary>
    /// <exception cref="StoreUnavailableException">The database is refused.</exception>
    public static void Check(Session session)
    {
        List<string> tables = session.Use("SELECT name FROM sqlite_schema WHERE type = 'table'").All(row => row.Text(0));
        if (tables.Count == 0)
        {
            return;
        }

        if (!tables.Contains("SchemaVersions", StringComparer.OrdinalIgnoreCase))
        {
            throw new StoreUnavailableException(
                $"The database cannot be opened: it belongs to another program, and has the table {tables[0]}. Specify another folder with --data.", full: false, null);
        }

        string[] known = [.. typeof(SqliteMigrations).Assembly.GetManifestResourceNames().Where(IsScript)];
        string[] newer = [.. session.Use("SELECT ScriptName FROM SchemaVersions").All(row => row.Text(0)).Where(name => IsScript(name) && !known.Contains(name)).Order(StringComparer.Ordinal)];
        if (newer.Length > 0)
        {
            string latest = newer[^1][(newer[^1].IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..];
            throw new StoreUnavailableException(
                $"The database cannot be opened: it was written by a newer version of nyala ({latest}), and this version cannot read it. "
                + "Run that version, or restore the backup from before the upgrade.",
                full: false,
                null);
        }
    }

    /// <exception cref="StoreUnavailableException">A script failed. The database is unchanged.</exception>
    public static void Apply(string connectionString)
    {
        DatabaseUpgradeResult result = DeployChanges.To
            .SqliteDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(typeof(SqliteMigrations).Assembly, IsScript)
            .WithTransaction()
            .LogTo(new NoOpUpgradeLog())
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw new StoreUnavailableException($"The database cannot be opened: {result.Error.Message}", full: false, result.Error);
        }
    }

    private static bool IsScript(string name) => name.Contains(Folder, StringComparison.Ordinal);
}
