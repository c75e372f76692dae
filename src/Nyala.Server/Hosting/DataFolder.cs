namespace Nyala.Server.Hosting;

/// <summary>The folder that holds all that a server keeps. One server at a time: the lock is the system's and ends with the process.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "lock";

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
            return new DataFolder(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
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
}
