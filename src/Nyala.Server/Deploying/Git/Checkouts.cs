using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json;
using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Git;

/// <summary>
/// Writes the files of a repository's commits to folders. Each checkout has its own index beside its folder instead of the repository's, so that several can
/// run at once; see <see cref="RemoveIndex"/>.
/// </summary>
internal sealed class Checkouts(BareRepository repository)
{
    private const string Attributes = ".gitattributes";

    private readonly SiteFolder _site = new(Path.GetDirectoryName(repository.Path)!);

    /// <summary>Returns the path of a folder's index.</summary>
    public static string IndexOf(string folder) => folder + ".index";

    /// <summary>Removes the index that <see cref="WriteAsync"/> has left, if it exists.</summary>
    public static void RemoveIndex(string folder)
    {
        File.Delete(IndexOf(folder));
        File.Delete(IndexOf(folder) + ".lock");
    }

    /// <summary>Writes a commit's files to an existing, empty folder. If the site has a spare checkout, that is updated and takes the folder's place.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="folder">The folder, in the site's <see cref="SiteFolder.Work"/>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The checkout; or the reason for the failure, for people.</returns>
    public async Task<(CheckedOutCommit? Done, string? Failure)> WriteAsync(string commit, string folder, CancellationToken cancellationToken)
    {
        if (await TakeSpareAsync(commit, folder, cancellationToken) is { } taken)
        {
            return (taken, null);
        }

        string? failure = await WriteFilesAsync(folder, ["--reset", commit], cancellationToken);
        return failure is null
            ? (new CheckedOutCommit(repository, commit, CountFiles(folder), await Task.Run(() => SourceScan.Of(folder, cancellationToken), cancellationToken)), null)
            : (null, failure);
    }

    /// <summary>Makes the site's spare checkout. It takes its place only when it is complete.</summary>
    /// <param name="last">The checkout of the last deployment.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Null if it succeeded; otherwise the reason for the failure.</returns>
    public async Task<string?> MakeSpareAsync(CheckedOutCommit last, CancellationToken cancellationToken)
    {
        string making = _site.UnfinishedSpare;
        try
        {
            _site.MakeWork();
            Clear();
            SiteFolders.MakeReadable(making);
            string? failure = await WriteFilesAsync(making, ["--reset", last.Commit], cancellationToken);
            if (failure is null)
            {
                // Nobody waits for the disk here. Without this flush the next push would wait for these files, because it flushes the whole file system before
                // it responds.
                await Task.Run(() => Posix.Flush(making), CancellationToken.None);
                await File.WriteAllTextAsync(NotesOf(_site.Spare), JsonSerializer.Serialize(new SpareInfo(last.Commit, last.Scan)), CancellationToken.None);
                File.Move(IndexOf(making), IndexOf(_site.Spare), overwrite: true);
                SiteFolders.Move(making, _site.Spare);
            }

            return failure;
        }
        finally
        {
            Clear();
        }

        void Clear()
        {
            RemoveIndex(making);
            SiteFolders.Remove(making);
        }
    }

    private static string NotesOf(string spare) => spare + ".json";

    /// <summary>
    /// Moves the site's spare checkout to a folder's place and lets git write the files that differ. If that is not possible, removes the spare, leaves the
    /// folder empty and returns null.
    /// </summary>
    private async Task<CheckedOutCommit?> TakeSpareAsync(string commit, string folder, CancellationToken cancellationToken)
    {
        string spare = _site.Spare;
        if (!Directory.Exists(spare))
        {
            return null;
        }

        SpareInfo notes = JsonSerializer.Deserialize<SpareInfo>(await File.ReadAllTextAsync(NotesOf(spare), cancellationToken))!;
        IReadOnlyList<ChangedFile>? changes = await repository.CompareAsync(notes.Commit, commit, cancellationToken);

        // Attributes decide how files are written, such as their line ends, and git does not write a file again if its content is the same.
        if (changes is null || changes.Any(change => Path.GetFileName(change.Path) == Attributes))
        {
            RemoveIndex(spare);
            SiteFolders.Remove(spare);
            return null;
        }

        Directory.Delete(folder);
        SiteFolders.Move(spare, folder);
        File.Move(IndexOf(spare), IndexOf(folder), overwrite: true);
        if (await WriteFilesAsync(folder, ["-m", notes.Commit, commit], cancellationToken) is null)
        {
            return new CheckedOutCommit(repository, commit, CountFiles(folder), notes.Scan.After(changes, folder, cancellationToken));
        }

        RemoveIndex(folder);
        SiteFolders.Remove(folder);
        SiteFolders.MakeReadable(folder);
        return null;
    }

    /// <summary>Runs <c>git read-tree -u</c>, which writes the files that are missing or different according to the folder's index.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="trees">The options and trees for <c>git read-tree</c>. The last one is the commit to write.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Null if it succeeded; otherwise the reason for the failure, for people.</returns>
    private async Task<string?> WriteFilesAsync(string folder, string[] trees, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = GitProcess.Readable(GitProcess.Start(["--git-dir", repository.Path, "--work-tree", folder, "read-tree", "-u", .. trees]));
        start.Environment["GIT_INDEX_FILE"] = IndexOf(folder);
        OrphanProcesses.Mark(start, repository.Path);
        ProgramResult result = await GitProcess.RunAsync(start, cancellationToken);
        return result.Ok ? null
            : result.IsMissing ? throw new GitMissingException()
            : $"The files of {trees[^1]} cannot be written: {result.Reason}";
    }

    /// <summary>Returns the number of files that git has written to a folder.</summary>
    private static int CountFiles(string folder)
    {
        // The index begins with "DIRC", its version and the number of its entries, each four bytes in network order.
        Span<byte> head = stackalloc byte[12];
        using var index = new FileStream(IndexOf(folder), FileMode.Open);
        index.ReadExactly(head);
        return BinaryPrimitives.ReadInt32BigEndian(head[8..]);
    }

    /// <summary>What is stored about a spare checkout.</summary>
    private sealed record SpareInfo(string Commit, SourceScan Scan);
}

/// <summary>A commit whose files were written.</summary>
/// <param name="Repository">The repository that contains the commit.</param>
/// <param name="Commit">The commit's id.</param>
/// <param name="Files">The number of its files.</param>
/// <param name="Scan">The findings in its files that matter to the deployment.</param>
internal sealed record CheckedOutCommit(BareRepository Repository, string Commit, int Files, SourceScan Scan);
