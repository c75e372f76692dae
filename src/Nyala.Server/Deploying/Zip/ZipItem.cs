namespace Nyala.Server.Deploying.Zip;

/// <summary>An entry that was judged, and where it goes.</summary>
/// <param name="Path">Below the target: segments with <c>/</c> between them, none of them empty, <c>.</c> or <c>..</c>; empty for the target itself.</param>
internal sealed record ZipItem(string Path, ZipEntry Entry);
