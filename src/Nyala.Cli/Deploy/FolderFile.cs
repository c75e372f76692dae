namespace Nyala.Cli.Deploy;

/// <summary>A file or an empty folder that is deployed.</summary>
/// <param name="Path">Its path in the zip.</param>
/// <param name="Source">The file with its content; null for a folder.</param>
internal sealed record FolderFile(string Path, string? Source);
