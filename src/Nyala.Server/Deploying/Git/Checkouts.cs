using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json;
using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Git;

/// <summary>
/// Writes the files of a repository's commits to folders. No index of the repository is touched, so that many may at once: the one that is written stands
/// beside the folder, see <see cref="RemoveIndex"/>.
/// </summary>
internal sealed class Checkouts(BareRepository repository)
{
    private const string Attributes = ".gitattributes";

    private readonly SiteFolder _site = new(Path.GetDirectoryName(repository.Path)!);

    /// <summary>Where the index is of what was written to a folder.</summary>
    public static string IndexOf(string folder) => folder + ".index";

    /// <summary>Removes the index that <see cref="WriteAsync"/> has left, if it is there.</summary>
    public static void RemoveIndex(string folder)
    {
        File.Delete(IndexOf(folder));
        File.Delete(IndexOf(folder) + ".lock");
    }

    /// <summary>Writes a commit's files to a folder that is there and empty; where the site has a spare, to that, which then takes the folder's place.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="folder">The folder, in the site's <see cref="SiteFolder.Work"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was written; or why nothing was, for a person.</returns>
    public async Task<(CheckOut? Done, string? Failure)> WriteAsync(string commit, string folder, CancellationToken cancellationToken)
    {
        if (await TakeSpareAsync(commit, folder, cancellationToken) is { } taken)
        {
            return (taken, null);
        }

        string? failure = await WriteFilesAsync(folder, ["--reset", commit], cancellationToken);
        return failure is null
            ? (new CheckOut(repository, commit, CountFiles(folder), await Task.Run(() => SourceScan.Of(folder, cancellationToken), cancellationToken)), null)
            : (null, failure);
    }

    /// <summary>Makes the site's spare checkout. It is in its place once it is whole.</summary>
    /// <param name="last">What the last deployment wrote.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null if it succeeded, else why not.</returns>
    public async Task<string?> MakeSpareAsync(CheckOut last, CancellationToken cancellationToken)
    {
        string making = _site.SpareInTheMaking;
        try
        {
            _site.MakeWork();
            Clear();
            SiteFolders.MakeReadable(making);
            string? failure = await WriteFilesAsync(making, ["--reset", last.Commit], cancellationToken);
            if (failure is null)
            {
                // Here nobody waits for the disk. Else the next push would, which has all that is written on the disk before it is answered.
                await Task.Run(() => Posix.Flush(making), CancellationToken.None);
                await File.WriteAllTextAsync(NotesOf(_site.Spare), JsonSerializer.Serialize(new SpareNotes(last.Commit, last.Scan)), CancellationToken.None);
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

    /// <summary>Puts the site's spare in a folder's place and has git write the files that differ. Where that cannot be, the spare is removed and the folder is empty.</summary>
    private async Task<CheckOut?> TakeSpareAsync(string commit, string folder, CancellationToken cancellationToken)
    {
        string spare = _site.Spare;
        if (!Directory.Exists(spare))
        {
            return null;
        }

        SpareNotes notes = JsonSerializer.Deserialize<SpareNotes>(await File.ReadAllTextAsync(NotesOf(spare), cancellationToken))!;
        IReadOnlyList<ChangedFile>? changes = await repository.CompareAsync(notes.Commit, commit, cancellationToken);

        // Attributes say how files are written (line ends, say), and git does not write those again whose content is the same.
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
            return new CheckOut(repository, commit, CountFiles(folder), notes.Scan.After(changes, folder, cancellationToken));
        }

        RemoveIndex(folder);
        SiteFolders.Remove(folder);
        SiteFolders.MakeReadable(folder);
        return null;
    }

    /// <summary>Has git write to a folder what the folder's index says is not there as it should be.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="trees">What <c>git read-tree</c> is to read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null if it succeeded, else why not, for a person.</returns>
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

    /// <summary>How many files git has written to a folder.</summary>
    private static int CountFiles(string folder)
    {
        // The index begins with "DIRC", its version and this, each four bytes in network order.
        Span<byte> head = stackalloc byte[12];
        using var index = new FileStream(IndexOf(folder), FileMode.Open);
        index.ReadExactly(head);
        return BinaryPrimitives.ReadInt32BigEndian(head[8..]);
    }

    /// <summary>What is known of a spare.</summary>
    private sealed record SpareNotes(string Commit, SourceScan Scan);
}

/// <summary>A commit whose files were written.</summary>
/// <param name="Repository">Where it is.</param>
/// <param name="Commit">Its id.</param>
/// <param name="Files">How many files it has.</param>
/// <param name="Scan">What of them bears on the deployment.</param>
internal sealed record CheckOut(BareRepository Repository, string Commit, int Files, SourceScan Scan);
