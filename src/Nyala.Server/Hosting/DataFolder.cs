using Nyala.Server.Disk;

namespace Nyala.Server.Hosting;

/// <summary>
/// The folder that holds all data of a server. Only one server at a time can use it: the lock belongs to the operating system and ends with the process.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>The file that a running server keeps locked.</summary>
    public const string LockName = "lock";

    /// <summary>The folders that are created after the database.</summary>
    private static readonly string[] LaterParts = ["keys", "sites"];

    private const string Advice = "With --data, specify a folder that the server can write to.";

    /// <summary>The error number of EROFS.</summary>
    private const int ReadOnlyDisk = 30;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock, Proof) = (path, held, new DataFolderProof());

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "nyala.db");

    /// <summary>Proves that this process holds the folder's lock.</summary>
    public DataFolderProof Proof { get; }

    /// <exception cref="ServerStartException">
    /// Another server uses the folder, it cannot be created or written, it contains something that is not the server's own, or a part of it is missing.
    /// </exception>
    public static DataFolder Open(string folder)
    {
        string path = System.IO.Path.GetFullPath(folder);
        try
        {
            DurableFiles.CreateFolder(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServerStartException($"The data folder {path} cannot be created: {error.Message.TrimEnd('.')}. {Advice}", error);
        }

        FilePermissions.RestrictFolder(path);
        string file = System.IO.Path.Combine(path, LockName);
        FilePermissions.CheckFile(file);
        DataFolder data;
        try
        {
            data = new DataFolder(path, new FileStream(file, Private(FileMode.OpenOrCreate, FileShare.None)));
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException { HResult: ReadOnlyDisk })
        {
            throw Unwritable(path, error);
        }
        catch (IOException error)
        {
            throw new ServerStartException(
                $"Another server uses the data folder {path}. Stop that server, or specify another folder with --data.", error);
        }

        return data.Prepared();
    }

    public void Dispose() => _lock.Dispose();

    private DataFolder Prepared()
    {
        try
        {
            FilePermissions.Restrict(Path);
            Proof.Keep(Path);
            if (MissingPart() is { } missing)
            {
                throw new ServerStartException(missing);
            }

            CreateDatabase();
            return this;
        }
        catch (Exception error)
        {
            Dispose();
            throw error is IOException or UnauthorizedAccessException
                ? Unwritable(Path, error)
                : error;
        }
    }

    /// <summary>
    /// Returns what is missing; null if the database exists and is not empty, or if nothing else exists. The keys are created after the database, and deployments after both.
    /// </summary>
    private string? MissingPart()
    {
        bool hasDatabase = new FileInfo(Database) is { Exists: true, Length: > 0 };
        string? rest = LaterParts.FirstOrDefault(name =>
            System.IO.Path.Combine(Path, name) is var part && Directory.Exists(part) && Directory.EnumerateFileSystemEntries(part).Any());
        return hasDatabase || rest is null
            ? null
            : $"{Database} is {(File.Exists(Database) ? "empty" : "missing")}, but {rest}/ next to it is not. Restore nyala.db from the backup too, or move {rest}/ away to start with an empty database.";
    }

    /// <summary>Creates the database file with its mode, which SQLite applies to the files beside it.</summary>
    private void CreateDatabase()
    {
        if (!File.Exists(Database))
        {
            new FileStream(Database, Private(FileMode.CreateNew, FileShare.ReadWrite)).Dispose();
            DurableFiles.SyncFolder(Path);
        }
    }

    private static ServerStartException Unwritable(string path, Exception error) =>
        new($"The data folder {path} cannot be written: {error.Message.TrimEnd('.')}. {Advice}", error);

    private static FileStreamOptions Private(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
