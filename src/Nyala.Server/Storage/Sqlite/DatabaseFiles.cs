namespace Nyala.Server.Storage.Sqlite;

/// <summary>Checks the files of a database before SQLite opens them.</summary>
internal static class DatabaseFiles
{
    /// <exception cref="StoreUnavailableException">The files do not belong together, or the file is not a database.</exception>
    public static void Check(string file)
    {
        string log = LogOf(file);
        try
        {
            bool hasLog = SizeOf(log) > 0;
            long size = SizeOf(file);
            if (DatabaseRule.Refuse(file, size, size > 0 ? ReadHeader(file) : null, SizeOf(file + "-journal") > 0, hasLog, hasLog ? ReadLog(log) : null) is { } refusal)
            {
                throw new StoreUnavailableException($"The database cannot be opened: {refusal}", full: false, null);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The database cannot be opened: {error.Message}", full: false, error);
        }
    }

    /// <summary>Returns the path of a database's write-ahead log.</summary>
    public static string LogOf(string file) => file + "-wal";

    private static long SizeOf(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;

    private static DatabaseHeader? ReadHeader(string file)
    {
        byte[] bytes = new byte[DatabaseHeader.Size];
        using FileStream stream = Open(file);
        return DatabaseHeader.Read(bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
    }

    private static WriteAheadLog? ReadLog(string log)
    {
        using FileStream stream = Open(log);
        return WriteAheadLog.Read(stream);
    }

    private static FileStream Open(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16);
}
