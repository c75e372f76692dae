using DbUp;
using DbUp.Engine;
using DbUp.Engine.Output;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>Brings the tables of a database up to date. The scripts are embedded, numbered, and never changed once released.</summary>
internal static class SqliteMigrations
{
    /// <exception cref="StoreUnavailableException">A script failed; the database is as it was.</exception>
    public static void Apply(string connectionString)
    {
        DatabaseUpgradeResult result = DeployChanges.To
            .SqliteDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(typeof(SqliteMigrations).Assembly, name => name.Contains(".Sqlite.Migrations.", StringComparison.Ordinal))
            .WithTransaction()
            .LogTo(new NoOpUpgradeLog())
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw new StoreUnavailableException($"The database cannot be opened: {result.Error.Message}", full: false, result.Error);
        }
    }
}
