using System.Globalization;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// Counts the write-ahead logs of the database in its header. SQLite does not tie a log to its database: it would silently apply the log to an older copy of
/// the database. A log is identified by its salt, which changes each time SQLite restarts the log.
/// </summary>
internal sealed class LogGeneration(Session session, string file) : IDisposable
{
    private const int SaltAt = 16;

    private Microsoft.Win32.SafeHandles.SafeFileHandle? _log;
    private ulong _counted;

    /// <summary>Counts the current log, if it is not counted yet. Called after a commit, outside any transaction.</summary>
    public void Count()
    {
        ulong salt = Salt();
        if (salt == 0 || salt == _counted)
        {
            return;
        }

        long generation = session.Use("PRAGMA user_version").First(row => row.Long(0));
        session.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {generation + 1}"));

        // Counting may have started a new log, which is counted next time.
        _counted = salt;
    }

    public void Dispose() => _log?.Dispose();

    private ulong Salt()
    {
        try
        {
            _log ??= File.OpenHandle(DatabaseFiles.LogOf(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> salt = stackalloc byte[sizeof(ulong)];
            return RandomAccess.Read(_log, salt, SaltAt) == salt.Length ? BitConverter.ToUInt64(salt) : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
