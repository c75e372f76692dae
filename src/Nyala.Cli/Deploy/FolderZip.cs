using System.IO.Compression;

namespace Nyala.Cli.Deploy;

/// <summary>Packs the files of a folder into a temporary zip file, which is deleted when it is closed.</summary>
internal static class FolderZip
{
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;
    private const int DosFolder = 0x10;
    private const int UsualFolderMode = 0x1ED;
    private const int ModeMask = 0x1FF;
    private const int ChunkSize = 128 * 1024;

    // The earliest and latest time that a zip file can contain.
    private static readonly DateTimeOffset Oldest = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Newest = new(2107, 12, 31, 23, 59, 58, TimeSpan.Zero);

    /// <summary>Creates the zip file.</summary>
    /// <param name="packed">Receives the number of files that are packed.</param>
    /// <returns>The zip file, positioned at its start.</returns>
    public static async Task<Stream> CreateAsync(IReadOnlyList<FolderFile> files, IProgress<long> packed, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var zip = new FileStream(Path.Combine(Path.GetTempPath(), $"nyala-{Guid.NewGuid():n}.zip"), options);
        try
        {
            await using (ZipArchive archive = await ZipArchive.CreateAsync(zip, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken))
            {
                for (int i = 0; i < files.Count; i++)
                {
                    await AddAsync(archive, files[i], cancellationToken);
                    packed.Report(i + 1);
                }
            }

            zip.Position = 0;
            return zip;
        }
        catch
        {
            await zip.DisposeAsync();
            throw;
        }
    }

    private static async Task AddAsync(ZipArchive archive, FolderFile file, CancellationToken cancellationToken)
    {
        ZipArchiveEntry entry = archive.CreateEntry(file.Path);
        FileSystemInfo info = (FileSystemInfo?)file.Folder ?? new FileInfo(file.Source!);
        DateTimeOffset changed = info.LastWriteTimeUtc;
        entry.LastWriteTime = changed < Oldest ? Oldest : changed > Newest ? Newest : changed;
        if (info is not FileInfo source)
        {
            int mode = OperatingSystem.IsWindows() ? UsualFolderMode : (int)info.UnixFileMode & ModeMask;
            entry.ExternalAttributes = ((Folder | mode) << 16) | DosFolder;
            return;
        }

        if (!OperatingSystem.IsWindows())
        {
            entry.ExternalAttributes = (RegularFile | ((int)source.UnixFileMode & ModeMask)) << 16;
        }

        // Empty files are not opened: a named pipe looks empty, and opening it can block forever.
        if (source.Length > 0)
        {
            await using var content = new FileStream(source.FullName, new FileStreamOptions { BufferSize = 0, Share = FileShare.ReadWrite | FileShare.Delete });
            await using Stream to = await entry.OpenAsync(cancellationToken);
            await content.CopyToAsync(to, ChunkSize, cancellationToken);
        }
    }
}
