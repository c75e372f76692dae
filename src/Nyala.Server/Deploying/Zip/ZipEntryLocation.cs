namespace Nyala.Server.Deploying.Zip;

/// <summary>An entry whose own header agrees with the directory, and the position at which its packed bytes begin.</summary>
internal readonly record struct ZipEntryLocation(ZipItem Item, long Start);
