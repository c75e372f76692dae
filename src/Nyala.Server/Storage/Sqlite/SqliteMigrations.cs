using DbUp;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>Checks a SQLite file and brings its tables up to date.</summary>
internal static class SqliteMigrations
{
    private static readonly Migrations Scripts = new("Sqlite.Migrations");

    /// <summary>Refuses a database that was written by a newer server or belongs to another program.</summary>
    /// <exception cref="StoreUnavailableException">The database is refused.</exception>
    public static void Check(Session session)
    {
        List<string> tables = session.Use("SELECT name FROM sqlite_schema WHERE type = 'table'").All(row => row.Text(0));
        if (Scripts.Refuse(tables, () => session.Use("SELECT ScriptName FROM SchemaVersions").All(row => row.Text(0))) is { } reason)
        {
            string advice = tables.Contains("SchemaVersions", StringComparer.OrdinalIgnoreCase)
                ? "Run that version, or restore the backup from before the upgrade."
                : "Specify another folder with --data.";
            throw new StoreUnavailableException($"The database cannot be opened: {reason} {advice}", full: false, null);
        }
    }

    /// <exception cref="StoreUnavailableException">A script failed. The database is unchanged.</exception>
    public static void Apply(string connectionString) => Scripts.Apply(DeployChanges.To.SqliteDatabase(connectionString));
}
