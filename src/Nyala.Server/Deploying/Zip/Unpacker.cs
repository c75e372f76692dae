using System.Buffers;
using System.IO.Compression;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;
using Nyala.Server.Disk;

namespace Nyala.Server.Deploying.Zip;

/// <summary>
/// Unpacks a zip from an untrusted sender into a folder. It writes nothing outside that folder and no more bytes than the zip declares, and keeps only the
/// zip's directory and two buffers in memory.
/// </summary>
internal static class Unpacker
{
    private const int ChunkSize = 128 * 1024;
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The modes of entries that have none, as in zips that were made on Windows.</summary>
    private const UnixFileMode PlainFile = Own | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode PlainFolder = PlainFile | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Unpacks the whole zip.</summary>
    /// <param name="zip">The zip's path.</param>
    /// <param name="folder">The target folder, which is created if it does not exist. Existing files are never overwritten.</param>
    /// <param name="limits">The limits for the zip.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>
    /// Null if it succeeded; otherwise why the zip was refused, for people. What was written before that stays, and the caller removes the folder.
    /// </returns>
    public static Task<string?> UnpackAsync(string zip, string folder, ZipOptions limits, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Unpack(zip, folder, limits, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Checks a zip's directory without unpacking anything.</summary>
    /// <param name="zip">The zip's path.</param>
    /// <param name="limits">The limits for the zip.</param>
    /// <returns>Null if the zip is accepted; otherwise why it is refused, for people.</returns>
    public static string? Judge(string zip, ZipOptions limits)
    {
        using var file = new FileStream(zip, new FileStreamOptions { BufferSize = 0 });
        return Read(file, limits, out string reason) is null ? reason : null;
    }

    private static IReadOnlyList<ZipEntryLocation>? Read(FileStream file, ZipOptions limits, out string reason) =>
        ZipDirectory.Read(file, limits, out reason, out ZipEnd? end) is { } entries && ZipRule.Judge(entries, end!.Offset, limits, out reason) is { } items
            ? ZipLayout.Read(file.SafeFileHandle, items, end.Offset, out reason)
            : null;

    private static string? Unpack(string zip, string folder, ZipOptions limits, CancellationToken cancellationToken)
    {
        using var file = new FileStream(zip, new FileStreamOptions { BufferSize = 0 });
        if (Read(file, limits, out string reason) is not { } places)
        {
            return reason;
        }

        cancellationToken.ThrowIfCancellationRequested();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            return Unpack(places, file.SafeFileHandle, new Target(folder), buffer, cancellationToken);
        }
        catch (IOException error) when (DiskFull.Is(error))
        {
            return "The server's disk is full. Free some space, then try again.";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string? Unpack(IReadOnlyList<ZipEntryLocation> places, SafeFileHandle zip, Target target, byte[] buffer, CancellationToken cancellationToken)
    {
        foreach (ZipEntryLocation place in places)
        {
            ZipItem item = place.Item;
            string? wrong = item.Entry.IsFolder ? target.MakeFolder(item.Path, item.Entry.Mode) : UnpackFile(place, zip, target, buffer, cancellationToken);
            if (wrong is not null)
            {
                return $"The entry {ZipRule.Quote(item.Entry.Name)} {wrong}.";
            }
        }

        return null;
    }

    private static string? UnpackFile(ZipEntryLocation place, SafeFileHandle zip, Target target, byte[] buffer, CancellationToken cancellationToken)
    {
        const string Damaged = "is damaged. Create and send the zip again";
        (ZipItem item, long start) = (place.Item, place.Start);
        ZipEntry entry = item.Entry;
        if (target.CreateFile(item.Path, entry.Mode == 0 ? PlainFile : entry.Mode | Own, out string? wrong) is not { } file)
        {
            return wrong;
        }

        using (file)
        {
            var packed = new ZipSlice(zip, start, entry.Packed);
            using Stream content = entry.Method == 0 ? packed : new DeflateStream(packed, CompressionMode.Decompress);
            try
            {
                wrong = Copy(content, file, entry, buffer, cancellationToken)
                    ?? (packed.Left > 0 ? "contains bytes after the end of its compressed content, so two programs might read it differently" : null);
            }
            catch (InvalidDataException)
            {
                wrong = Damaged;
            }

            if (wrong is null && entry.Changed is { } changed)
            {
                File.SetLastWriteTimeUtc(file.SafeFileHandle, changed);
            }

            return wrong;
        }
    }

    /// <summary>Copies the content, but no more bytes than the entry declares. Returns null, or why the entry is refused.</summary>
    private static string? Copy(Stream content, FileStream file, ZipEntry entry, byte[] buffer, CancellationToken cancellationToken)
    {
        var crc = new Crc32();
        long size = 0;
        int read;
        while ((read = content.Read(buffer, 0, ChunkSize)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            size += read;
            if (size > entry.Size)
            {
                return $"contains more than the {entry.Size} bytes that it declares";
            }

            crc.Append(buffer.AsSpan(0, read));
            file.Write(buffer, 0, read);
        }

        return size < entry.Size ? $"contains {size} bytes, but declares {entry.Size}"
            : crc.GetCurrentHashAsUInt32() != entry.Crc ? "is damaged: its checksum does not match. Create and send the zip again"
            : null;
    }

    /// <summary>The folder that the zip is unpacked to.</summary>
    private sealed class Target(string root)
    {
        private readonly HashSet<string> _made = new(StringComparer.Ordinal);

        /// <summary>Creates a folder and those above it. Returns null, or why that is not possible.</summary>
        /// <param name="path">The folder.</param>
        /// <param name="mode">Its mode, whatever the server's umask; 0 if its entry has no mode, or if it has no entry.</param>
        public string? MakeFolder(string path, UnixFileMode mode = 0)
        {
            if (!_made.Contains(path) && Make(path) is { } wrong)
            {
                return wrong;
            }

            if (mode != 0)
            {
                // The mode may keep other users out, but the server has to fill the folder, and later to remove it.
                SiteFolders.SetMode(Path.Combine(root, path), mode | Own | UnixFileMode.UserExecute);
            }

            return null;
        }

        private string? Make(string path)
        {
            if (path.Length > 0 && MakeFolder(Parent(path)) is { } wrong)
            {
                return wrong;
            }

            // If something else has the folder's name, it is not entered: a link would lead elsewhere.
            DirectoryInfo folder = new(Path.Combine(root, path));
            if (!folder.Exists && !File.Exists(folder.FullName))
            {
                folder.Create();
                SiteFolders.SetMode(folder.FullName, PlainFolder);
                folder.Refresh();
            }

            if (!folder.Exists || folder.LinkTarget is not null)
            {
                return "needs a folder where something else already exists";
            }

            _made.Add(path);
            return null;
        }

        public FileStream? CreateFile(string path, UnixFileMode mode, out string? wrong)
        {
            wrong = MakeFolder(Parent(path));
            if (wrong is not null)
            {
                return null;
            }

            string file = Path.Combine(root, path);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
            try
            {
                var stream = new FileStream(file, options);
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(stream.SafeFileHandle, mode);
                }

                return stream;
            }
            catch (IOException) when (File.Exists(file) || Directory.Exists(file))
            {
                wrong = "has the same path as something else that already exists";
                return null;
            }
        }

        private static string Parent(string path) => path[..Math.Max(path.LastIndexOf('/'), 0)];
    }
}
