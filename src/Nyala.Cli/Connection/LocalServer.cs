using System.Text.Json;
using Nyala.Server.Disk;

namespace Nyala.Cli.Connection;

/// <summary>
/// The current user's server on this machine, as <c>nyala serve</c> recorded it in the state folder: its address, and its data folder, which contains the admin
/// token.
/// </summary>
/// <param name="DataFolder">The server's data folder. Only a server that still holds this folder gets a token.</param>
internal sealed record LocalServer(Uri Address, string? Token, string DataFolder)
{
    public const string FileName = "server.json";

    private const string TokenFileName = "admin-token";

    /// <summary>
    /// Returns why the file in the state folder is not trusted; null if it belongs to the current user or does not exist. With a file of their own, other users
    /// could redirect commands and files to their server.
    /// </summary>
    public static string? ReasonNotTrusted(string stateFolder)
    {
        string file = Path.Combine(stateFolder, FileName);
        string? fault = !OperatingSystem.IsLinux() || FileFacts.Read(file, follow: false) is not { } facts ? null
            : facts.Kind == FileKind.Link || facts.Names > 1 ? "is a link"
            : facts.Owner != FileFacts.CurrentUser ? "belongs to another user"
            : null;
        return fault is null
            ? null
            : $"{file} {fault}, so the server it names is not trusted. Remove the file and restart \"nyala serve\", or specify the server with --server.";
    }

    /// <summary>Reads the file in the state folder; returns null if it does not exist, cannot be read, or is not trusted.</summary>
    public static LocalServer? Find(string stateFolder)
    {
        if (ReasonNotTrusted(stateFolder) is not null)
        {
            return null;
        }

        try
        {
            using JsonDocument left = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(stateFolder, FileName)));
            string? url = left.RootElement.GetProperty("url").GetString();
            string? data = left.RootElement.GetProperty("data").GetString();
            return ServerAddress.Parse(url) is { } address && data is not null ? new LocalServer(address, TokenIn(data), data) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Writes a server's address and data folder to the state folder, in a file that only the current user can read.</summary>
    public static void Save(string stateFolder, Uri address, string dataFolder)
    {
        Directory.CreateDirectory(stateFolder);
        string file = Path.Combine(stateFolder, FileName);
        string fresh = $"{file}.{Environment.ProcessId}";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(fresh, options))
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("url", address.AbsoluteUri.TrimEnd('/'));
            writer.WriteString("data", dataFolder);
            writer.WriteEndObject();
        }

        // Moved into place, so that no reader sees half of the file.
        File.Move(fresh, file, overwrite: true);
    }

    /// <summary>Removes the file of a server that has ended, unless another server has replaced it.</summary>
    public static void Delete(string stateFolder, Uri address)
    {
        try
        {
            if (Find(stateFolder)?.Address == address)
            {
                File.Delete(Path.Combine(stateFolder, FileName));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next verb that reads the file finds that the server has ended.
        }
    }

    private static string? TokenIn(string data)
    {
        try
        {
            return File.ReadLines(Path.Combine(data, TokenFileName)).FirstOrDefault()?.Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
