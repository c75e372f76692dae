using Nyala.Server.Http;
using Nyala.Server.Sites;

namespace Nyala.Server.Deploying;

/// <summary>The bare repository of a site.</summary>
internal sealed class BareRepository(string path)
{
    /// <summary>Refs that are the server's own: never shown to a client, never taken from one.</summary>
    public const string OwnRefs = "refs/nyala";

    private const int MostAlike = 10;

    public string Path => path;

    public bool Exists => File.Exists(System.IO.Path.Combine(path, "HEAD"));

    /// <summary>Makes the repository where it is not there.</summary>
    /// <param name="branch">The branch that <c>HEAD</c> names.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">git refused.</exception>
    public async Task EnsureAsync(string branch, CancellationToken cancellationToken)
    {
        new SiteFolder(System.IO.Path.GetDirectoryName(path)!).MakeWork();
        if (Exists)
        {
            await PointHeadAsync(branch);
            return;
        }

        // Made aside and moved: several first requests may come at once, and a server that dies leaves none half made.
        string aside = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, "work", $"repository-{Guid.NewGuid():n}");
        GitResult result = await Git.RunAsync(Git.Start("init", "--quiet", "--bare", "--initial-branch", branch, aside), cancellationToken);
        if (!result.Ok)
        {
            SiteFolders.Remove(aside);
            throw DiskFull.Of($"The site's repository cannot be made: {result.Reason}");
        }

        // All that was ever pushed is in it.
        SiteFolders.SetMode(aside, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            Directory.Move(aside, path);
        }
        catch (IOException) when (Exists)
        {
            SiteFolders.Remove(aside);
        }
    }

    /// <summary>The commit that a ref leads to; null where there is none. git would look for a missing ref under other names too, which a pusher chooses.</summary>
    /// <param name="name">The ref's full name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Commit?> FindRefAsync(string name, CancellationToken cancellationToken)
    {
        if (!Exists)
        {
            return null;
        }

        GitResult result = await Git.RunAsync(path, cancellationToken, "show-ref", "--verify", "--hash", "--", name);
        return result.Ok ? await FindAsync(result.Out.Trim(), cancellationToken) : null;
    }

    /// <summary>The commits whose ids begin so, a few at most: of objects alone, since a ref may have such a name, too.</summary>
    /// <param name="beginning">Hexadecimal digits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<Commit>> FindAllAsync(string beginning, CancellationToken cancellationToken)
    {
        GitResult result = await Git.RunAsync(path, cancellationToken, "rev-parse", $"--disambiguate={beginning}");
        var found = new List<Commit>();
        foreach (string id in result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(MostAlike))
        {
            if (await FindAsync(id, cancellationToken) is { } commit && commit.Id == id)
            {
                found.Add(commit);
            }
        }

        return found;
    }

    /// <summary>What a commit says; null where there is no such commit.</summary>
    /// <param name="id">Its whole id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Commit?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!Exists)
        {
            return null;
        }

        GitResult result = await Git.RunAsync(
            path, cancellationToken, "-c", "i18n.logOutputEncoding=UTF-8", "log", "--no-walk", "--format=%H%x00%an%x00%ae%x00%B", "--end-of-options", id, "--");

        // Of a tree or a file git says nothing, and that is no failure.
        if (!result.Ok || result.Out.Length == 0)
        {
            return null;
        }

        // Whoever commits writes what he likes, at any length; what follows a name without end is not there.
        string[] parts = result.Out.Split('\0', 4);
        string Part(int index, int most) => index < parts.Length ? TextLimit.Cut(parts[index], most) : "";
        return new Commit(parts[0].Trim(), Part(1, TextLimit.Name), Part(2, TextLimit.Name), Part(3, TextLimit.Message).Trim());
    }

    /// <summary>Whether a commit is another one or descends from it; false where one of them is not there.</summary>
    public async Task<bool> ContainsAsync(string commit, string ancestor, CancellationToken cancellationToken) =>
        Exists && (await Git.RunAsync(path, cancellationToken, "merge-base", "--is-ancestor", ancestor, commit)).Ok;

    /// <summary>
    /// Writes a commit's files to a folder that is there and empty; where the site has a spare, to that, which then takes the folder's place. No index
    /// of the repository is touched, so that many may at once: the one that is written stands beside the folder, see <see cref="RemoveIndex"/>.
    /// </summary>
    /// <param name="commit">The commit.</param>
    /// <param name="folder">The folder, in the site's <see cref="SiteFolder.Work"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null where it succeeded, else why not.</returns>
    public async Task<string?> CheckOutAsync(string commit, string folder, CancellationToken cancellationToken)
    {
        if (await TakeSpareAsync(commit, folder, cancellationToken))
        {
            if (await WriteFilesAsync(commit, folder, cancellationToken) is null)
            {
                return null;
            }

            RemoveIndex(folder);
            SiteFolders.Remove(folder);
            SiteFolders.MakeReadable(folder);
        }

        return await WriteFilesAsync(commit, folder, cancellationToken);
    }

    /// <summary>Makes a site's spare checkout. It is in its place once it is whole.</summary>
    /// <returns>Null where it succeeded, else why not.</returns>
    public async Task<string?> MakeSpareAsync(string commit, SiteFolder site, CancellationToken cancellationToken)
    {
        string making = site.SpareInTheMaking;
        try
        {
            site.MakeWork();
            Clear();
            SiteFolders.MakeReadable(making);
            string? failure = await WriteFilesAsync(commit, making, cancellationToken, behind: true);
            if (failure is null)
            {
                // Here nobody waits for the disk. Else the next push would, which has all that is written on the disk before it is answered.
                await Task.Run(() => Posix.Flush(making), CancellationToken.None);
                await File.WriteAllTextAsync(CommitOf(site.Spare), commit, CancellationToken.None);
                File.Move(IndexOf(making), IndexOf(site.Spare), overwrite: true);
                SiteFolders.Move(making, site.Spare);
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

    /// <summary>How many files <see cref="CheckOutAsync"/> has written to a folder, while its index stands beside it.</summary>
    public static int CountFiles(string folder)
    {
        // The index begins with "DIRC", its version and this, each four bytes in network order.
        Span<byte> head = stackalloc byte[12];
        using var index = new FileStream(IndexOf(folder), FileMode.Open);
        index.ReadExactly(head);
        return System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(head[8..]);
    }

    /// <summary>Removes the index that <see cref="CheckOutAsync"/> has left, if it is there.</summary>
    public static void RemoveIndex(string folder)
    {
        File.Delete(IndexOf(folder));
        File.Delete(IndexOf(folder) + ".lock");
    }

    /// <summary>Puts the site's spare in a folder's place, where there is one and git can make any commit's files of it.</summary>
    private async Task<bool> TakeSpareAsync(string commit, string folder, CancellationToken cancellationToken)
    {
        string spare = new SiteFolder(System.IO.Path.GetDirectoryName(path)!).Spare;
        if (!Directory.Exists(spare))
        {
            return false;
        }

        // Attributes say how files are written (line ends, say), and git does not write those again whose content is the same.
        string last = await File.ReadAllTextAsync(CommitOf(spare), cancellationToken);
        bool sameAttributes = (await Git.RunAsync(path, cancellationToken, "diff-tree", "-r", "--quiet", last, commit, "--", ":(glob)**/.gitattributes")).Ok;
        if (!sameAttributes)
        {
            RemoveIndex(spare);
            SiteFolders.Remove(spare);
            return false;
        }

        Directory.Delete(folder);
        SiteFolders.Move(spare, folder);
        File.Move(IndexOf(spare), IndexOf(folder), overwrite: true);
        return true;
    }

    /// <summary>Has git write to a folder what is not as in the commit, by the folder's index.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="behind">Whether all else on this machine goes first.</param>
    private async Task<string?> WriteFilesAsync(string commit, string folder, CancellationToken cancellationToken, bool behind = false)
    {
        System.Diagnostics.ProcessStartInfo start = Git.Start("--git-dir", path, "--work-tree", folder, "read-tree", "-u", "--reset", commit);
        start = Git.Readable(behind ? Git.Behind(start) : start);
        start.Environment["GIT_INDEX_FILE"] = IndexOf(folder);
        Leftovers.Mark(start, path);
        GitResult result = await Git.RunAsync(start, cancellationToken);
        return result.Ok ? null
            : result.IsMissing ? throw new GitMissingException()
            : $"The files of {commit} cannot be written: {result.Reason}";
    }

    /// <summary>
    /// Makes a repository of its own for a folder that <see cref="CheckOutAsync"/> has filled. It reads this one's objects, so that nothing is copied, and
    /// whatever is done in it does not change this one.
    /// </summary>
    /// <param name="commit">What is checked out.</param>
    /// <param name="folder">Where.</param>
    /// <param name="to">Where the repository goes.</param>
    /// <param name="branch">The branch that is checked out; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task CopyHistoryAsync(string commit, string folder, string to, string? branch, CancellationToken cancellationToken)
    {
        // Written by hand: one process for the tags is all that it costs a push.
        GitResult tags = await Git.RunAsync(path, cancellationToken, "for-each-ref", "--format=%(objectname) %(refname)", "refs/tags");
        Directory.CreateDirectory(System.IO.Path.Combine(to, "objects", "info"));
        Directory.CreateDirectory(System.IO.Path.Combine(to, "refs"));
        string refs = tags.Ok ? tags.Out[..(tags.Out.LastIndexOf('\n') + 1)] : "";
        string head = branch is null ? "" : $"{commit} {BranchName.Heads}{branch}\n";

        // A command may make a file executable, or its platform may not know of that: neither is a change of the source.
        Write("config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfileMode = false\n");
        Write("packed-refs", head + refs);
        Write(System.IO.Path.Combine("objects", "info", "alternates"), System.IO.Path.Combine(path, "objects") + "\n");
        Write("HEAD", branch is null ? commit + "\n" : $"ref: {BranchName.Heads}{branch}\n");
        Take(IndexOf(folder), "index", File.Move);

        // A push from a shallow clone has left the edge of its history there.
        Take(System.IO.Path.Combine(path, "shallow"), "shallow", File.Copy);

        void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(to, name), text);

        void Take(string from, string name, Action<string, string> take)
        {
            if (File.Exists(from))
            {
                take(from, System.IO.Path.Combine(to, name));
            }
        }
    }

    private static string IndexOf(string folder) => folder + ".index";

    private static string CommitOf(string spare) => spare + ".commit";

    /// <summary>Keeps a commit from being collected when no branch leads to it any more. It takes a moment and is not cut off, which would leave a lock.</summary>
    public Task KeepAsync(string commit) =>
        Git.RunAsync(path, CancellationToken.None, "update-ref", $"{OwnRefs}/deployed/{commit}", commit);

    /// <summary>Removes the lock that a fetch left which was ended. Called by who has the right to the site: nobody else fetches then.</summary>
    /// <param name="landing">The ref that fetches write.</param>
    public void Unlock(string landing)
    {
        string file = System.IO.Path.Combine(path, landing + ".lock");
        if (File.Exists(file))
        {
            File.Delete(file);
        }
    }

    /// <summary>
    /// Removes what a git left that was cut off, by a kill or by a machine that lost its power: locks, for which every push to their branch would be refused for ever, and
    /// what an unfinished push had sent. Called while no git works here.
    /// </summary>
    public void ClearLeftovers()
    {
        if (!Exists)
        {
            return;
        }

        string[] locks =
        [
            .. Directory.GetFiles(path, "*.lock"),
            .. Directory.GetFiles(System.IO.Path.Combine(path, "objects"), "*.lock"),
            .. Directory.GetFiles(System.IO.Path.Combine(path, "refs"), "*.lock", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }),
        ];
        foreach (string file in locks)
        {
            File.Delete(file);
        }

        foreach (string unfinished in Directory.GetDirectories(System.IO.Path.Combine(path, "objects"), "tmp_objdir-*"))
        {
            SiteFolders.Remove(unfinished);
        }
    }

    private async Task PointHeadAsync(string branch)
    {
        string head = $"ref: {BranchName.Heads}{branch}";
        if ((await File.ReadAllTextAsync(System.IO.Path.Combine(path, "HEAD"))).Trim() != head)
        {
            await Git.RunAsync(path, CancellationToken.None, "symbolic-ref", "HEAD", BranchName.Heads + branch);
        }
    }
}
