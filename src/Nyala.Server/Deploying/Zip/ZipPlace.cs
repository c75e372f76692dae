namespace Nyala.Server.Deploying.Zip;

/// <summary>An entry whose own header says what the directory says, and where its packed bytes begin.</summary>
internal readonly record struct ZipPlace(ZipItem Item, long Start);
