namespace Nyala.Cli.Deploy;

/// <summary>A file or a folder that is deployed.</summary>
/// <param name="Path">Its path in the zip, a folder's with a slash at its end.</param>
/// <param name="Source">The file with its content; null for a folder.</param>
/// <param name="Folder">The folder that it is; null for a file.</param>
internal sealed record FolderFile(string Path, string? Source, DirectoryInfo? Folder = null);
