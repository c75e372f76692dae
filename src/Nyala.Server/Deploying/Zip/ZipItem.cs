namespace Nyala.Server.Deploying.Zip;

/// <summary>An entry that was accepted, and where it goes.</summary>
/// <param name="Path">
/// The path below the target: segments separated by <c>/</c>, none of them empty, <c>.</c> or <c>..</c>; empty for the target itself.
/// </param>
internal sealed record ZipItem(string Path, ZipEntry Entry);
