using System.Text;

namespace Nyala.Cli;

/// <summary>A file argument. If it cannot be read, the error names the file.</summary>
internal static class InputFile
{
    /// <summary>Opens a file.</summary>
    /// <exception cref="CommandFailure">The file does not exist, is a folder, or cannot be read.</exception>
    public static FileStream Open(string path) => Read(path, () => new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous }));

    /// <summary>Reads a whole text file.</summary>
    /// <exception cref="CommandFailure">The file does not exist, is a folder, or cannot be read.</exception>
    public static string ReadText(string path) => Read(path, () => File.ReadAllText(path, Encoding.UTF8));

    private static T Read<T>(string path, Func<T> read)
    {
        if (Directory.Exists(path))
        {
            throw new CommandFailure($"{path} is a folder, not a file.");
        }

        try
        {
            return read();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailure($"file {path} does not exist.");
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandFailure($"{path} cannot be read: permission denied.");
        }
        catch (Exception error) when (error is IOException or ArgumentException or NotSupportedException)
        {
            throw new CommandFailure($"{path} cannot be read: {error.Message}");
        }
    }
}
