using System.Globalization;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// Counts the database's write-ahead logs in its header. SQLite itself links neither to the other: beside an older copy of the database it would
/// apply the log without a word. A log is identified by its salt, which is new each time SQLite starts it over.
/// </summary>
internal sealed class LogGeneration(Session session, string file) : IDisposable
{
    private const int SaltAt = 16;

    private Microsoft.Win32.SafeHandles.SafeFileHandle? _log;
    private ulong _counted;

    /// <summary>Counts the log of now, if it has not been. Called after a commit, outside any transaction.</summary>
    public void Count()
    {
        ulong salt = Salt();
        if (salt == 0 || salt == _counted)
        {
            return;
        }

        long generation = session.Use("PRAGMA user_version").First(row => row.Long(0));
        session.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {generation + 1}"));

        // Counting may have started a new log, which is counted the next time.
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
