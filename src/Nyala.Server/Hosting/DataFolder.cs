namespace Nyala.Server.Hosting;

/// <summary>The folder that holds all that a server keeps. One server at a time: the lock is the system's and ends with the process.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "nyala.db");

    /// <exception cref="ServerStartException">Another server uses the folder, or it cannot be made or written.</exception>
    public static DataFolder Open(string folder)
    {
        string path = System.IO.Path.GetFullPath(folder);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServerStartException($"The data folder {path} cannot be made: {error.Message}", error);
        }

        try
        {
            string file = System.IO.Path.Combine(path, LockName);
            var data = new DataFolder(path, new FileStream(file, Private(FileMode.OpenOrCreate, FileShare.None)));
            data.CloseToOthers();
            return data;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new ServerStartException($"The data folder {path} cannot be written: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw new ServerStartException(
                $"Another server uses the data folder {path}. Stop that one, or give this one a folder of its own with --data.", error);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStreamOptions Private(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }

    /// <summary>
    /// Makes the files readable by their owner alone, in a folder too that the operator made and others may enter. SQLite gives
    /// the files beside the database its mode.
    /// </summary>
    private void CloseToOthers()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using (new FileStream(Database, Private(FileMode.OpenOrCreate, FileShare.ReadWrite)))
        {
        }

        foreach (string file in (string[])[_lock.Name, Database, Database + "-wal", Database + "-shm"])
        {
            if (File.Exists(file))
            {
                File.SetUnixFileMode(file, OwnerOnly);
            }
        }
    }
}
