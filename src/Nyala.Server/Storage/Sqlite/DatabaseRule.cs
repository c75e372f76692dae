namespace Nyala.Server.Storage.Sqlite;

/// <summary>Decides whether the files of a database belong together, before SQLite opens them and merges the log. Pure.</summary>
internal static class DatabaseRule
{
    /// <summary>Why the files are refused; null if they go together, as far as they tell.</summary>
    /// <param name="file">The database's path, for the message.</param>
    /// <param name="size">The size of the database's file; 0 if it is not there.</param>
    /// <param name="header">Its header; null if it is none.</param>
    /// <param name="hasJournal">Whether a rollback journal is there: it may have to mend the header first.</param>
    /// <param name="hasLog">Whether there is a log with content.</param>
    /// <param name="log">What SQLite would apply of it; null for nothing.</param>
    public static string? Refuse(string file, long size, DatabaseHeader? header, bool hasJournal, bool hasLog, WriteAheadLog? log)
    {
        if (size == 0)
        {
            // SQLite deletes the log of a database that is empty.
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
            : $"{file}-wal is not the log of this {Path.GetFileName(file)}: one of the two was restored alone, and together they would make a damaged database. "
            + $"If {Path.GetFileName(file)} is the backup to go on with, move {file}-wal away; otherwise restore both from the same place.";
    }

    /// <summary>
    /// Each log counts the generation up by one, soon after its first transaction. Until its pages are all in the database, this is at
    /// the generation before, or at one that the log names.
    /// </summary>
    private static bool Belongs(DatabaseHeader database, WriteAheadLog log) =>
        database.IsLogged && database.PageSize == log.PageSize
        && (log.Generations.Count == 0 || log.Generations.Contains(database.Generation) || (database.Generation != 0 && log.Generations[0] == database.Generation + 1));
}
