using System.Text.Json;

namespace Nyala.Cli.Connection;

/// <summary>
/// The server of this user on this machine, as <c>nyala serve</c> leaves it in the state folder: its address, and its
/// data folder, where its own token is.
/// </summary>
internal sealed record LocalServer(Uri Address, string? Token)
{
    public const string FileName = "server.json";

    private const string TokenFileName = "admin-token";

    /// <summary>Reads what the server left; null where it left nothing that can be read.</summary>
    public static LocalServer? Find(string stateFolder)
    {
        try
        {
            using JsonDocument left = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(stateFolder, FileName)));
            string? url = left.RootElement.GetProperty("url").GetString();
            if (ServerAddress.Parse(url) is not { } address)
            {
                return null;
            }

            string? data = left.RootElement.TryGetProperty("data", out JsonElement folder) ? folder.GetString() : null;
            return new LocalServer(address, data is null ? null : TokenIn(data));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
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
