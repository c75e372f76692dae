namespace Nyala.Cli.Deploy;

/// <summary>A file or folder to deploy.</summary>
/// <param name="Path">The path in the zip file. The path of a folder ends with a slash.</param>
/// <param name="Source">The path of the file with the content; null for a folder.</param>
/// <param name="Folder">The folder; null for a file.</param>
internal sealed record FolderFile(string Path, string? Source, DirectoryInfo? Folder = null);
