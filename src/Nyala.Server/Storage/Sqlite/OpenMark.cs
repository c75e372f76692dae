using System.Globalization;
using System.Security.Cryptography;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// Marks the database file as open while a server uses it, so that a plain copy made in that time without the log is detected. The mark is also the file's
/// schema version, which a copy made by SQLite does not share.
/// </summary>
internal static class OpenMark
{
    /// <summary>Refuses a database whose log is missing. Called before the file is opened for use, and only if there is no log.</summary>
    /// <exception cref="StoreUnavailableException">The database was open when it was copied, or when its log was removed.</exception>
    public static void CheckWithoutLog(string file)
    {
        // Immutable: SQLite creates no files beside the database, whatever happens.
        using var session = new Session($"Data Source=file:{Uri.EscapeDataString(file)}?immutable=1;Mode=ReadOnly;Pooling=False");
        if (session.Use("SELECT name FROM sqlite_schema WHERE name = 'opened'").First(row => row.Text(0)) is null)
        {
            return;
        }

        long schema = session.Use("PRAGMA schema_version").First(row => row.Long(0));
        if (session.Use("SELECT mark FROM opened").First(row => row.LongOrNull(0)) == schema)
        {
            throw new StoreUnavailableException(
                $"The database cannot be opened: {file} was in use when it was copied, or when its log {file}-wal was removed, and the newest data is in that log. "
                + "Restore both files from the same place, or a backup that was made with the command .backup of sqlite3. If sqlite3 has opened the file since the server was killed, "
                + $"it has merged the log. In that case, run: sqlite3 {file} \"UPDATE opened SET mark = NULL\"",
                full: false,
                null);
        }
    }

    /// <summary>Marks the file as open, in the database file itself and not only in its log.</summary>
    public static void Set(Session session)
    {
        long mark = RandomNumberGenerator.GetInt32(1 << 16, int.MaxValue);
        session.Execute("BEGIN IMMEDIATE");
        session.Execute(Text($"PRAGMA schema_version = {mark}"));
        session.Execute(Text($"UPDATE opened SET mark = {mark}"));
        session.Execute("COMMIT");

        // This runs after a first change of page 1, so that the log names the previous generation too.
        if (session.Use("PRAGMA user_version").First(row => row.Long(0)) == 0)
        {
            session.Execute(Text($"PRAGMA user_version = {RandomNumberGenerator.GetInt32(1 << 16, int.MaxValue / 2)}"));
        }

        session.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>Marks the file as closed in order, and merges the log when the connection closes. If that fails, the log stays.</summary>
    public static void Clear(Session session)
    {
        try
        {
            session.Execute("UPDATE opened SET mark = NULL");
            session.MergeAtEnd();
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // The disk is full or failing. The next start reads the log.
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
