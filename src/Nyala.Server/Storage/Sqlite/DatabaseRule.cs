namespace Nyala.Server.Storage.Sqlite;

/// <summary>Decides whether the files of a database belong together, before SQLite opens them and merges the log. Pure.</summary>
internal static class DatabaseRule
{
    /// <summary>Returns why the files are refused; null if nothing shows that they do not belong together.</summary>
    /// <param name="file">The database's path, for the message.</param>
    /// <param name="size">The size of the database; 0 if the file does not exist.</param>
    /// <param name="header">Its header; null if it is not valid.</param>
    /// <param name="hasJournal">Whether there is a rollback journal, from which SQLite may have to restore the header first.</param>
    /// <param name="hasLog">Whether there is a log that is not empty.</param>
    /// <param name="log">What SQLite would apply from the log; null for nothing.</param>
    public static string? Refuse(string file, long size, DatabaseHeader? header, bool hasJournal, bool hasLog, WriteAheadLog? log)
    {
        if (size == 0)
        {
            // SQLite deletes the log of an empty database.
            return hasLog ? $"{file} is missing or empty, but its log {file}-wal is not. Restore nyala.db and nyala.db-wal together, or move {file}-wal away." : null;
        }

        if (hasJournal)
        {
            return null;
        }

        if (header is not { } database)
        {
            return $"{file} is not a SQLite database, or its beginning is damaged. Restore it from the backup.";
        }

        return log is null || Belongs(database, log)
            ? null
            : $"{file}-wal is not the log of this {Path.GetFileName(file)}: only one of the two was restored, and opening them together would damage the database. "
            + $"To continue with {Path.GetFileName(file)}, move {file}-wal away. Otherwise, restore both from the same place.";
    }

    /// <summary>
    /// Whether a log belongs to a database. Each log increases the generation by one, soon after its first transaction. Until all pages of the log are merged,
    /// the database has the generation before it or one that the log names.
    /// </summary>
    private static bool Belongs(DatabaseHeader database, WriteAheadLog log) =>
        database.IsLogged && database.PageSize == log.PageSize
        && (log.Generations.Count == 0 || log.Generations.Contains(database.Generation) || (database.Generation != 0 && log.Generations[0] == database.Generation + 1));
}
