using Nyala.Server.Disk;
using Nyala.Server.Http;
using Nyala.Server.Processes;
using Nyala.Server.Sites;

namespace Nyala.Server.Deploying.Git;

/// <summary>The bare repository of a site.</summary>
internal sealed class BareRepository(string path)
{
    /// <summary>The server's own refs. They are never shown to a client and never accepted from one.</summary>
    public const string OwnRefs = "refs/nyala";

    private const int MaxAlike = 10;

    public string Path => path;

    public bool Exists => File.Exists(System.IO.Path.Combine(path, "HEAD"));

    /// <summary>Creates the repository if it does not exist, and points <c>HEAD</c> to the branch.</summary>
    /// <param name="branch">The branch that <c>HEAD</c> names.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="IOException">git could not create the repository, or the disk is full.</exception>
    public async Task EnsureAsync(string branch, CancellationToken cancellationToken)
    {
        new SiteFolder(System.IO.Path.GetDirectoryName(path)!).MakeWork();
        if (Exists)
        {
            await PointHeadAsync(branch);
            return;
        }

        // Created aside and then moved, because several first requests may arrive at once, and a server that dies must not leave half a repository.
        string aside = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, "work", $"repository-{Guid.NewGuid():n}");
        ProgramResult result = await GitProcess.RunAsync(GitProcess.Start("init", "--quiet", "--bare", "--initial-branch", branch, aside), cancellationToken);
        if (!result.Ok)
        {
            SiteFolders.Remove(aside);
            throw DiskFull.Of($"The site's repository cannot be created: {result.Reason}");
        }

        // The repository holds everything that was ever pushed, so no other user may enter it.
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

    /// <summary>
    /// Returns the commit that a ref points to; null if there is none. The name must match exactly: by default git looks for a missing ref under other names
    /// too, which a pusher could choose.
    /// </summary>
    /// <param name="name">The full name of the ref.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<Commit?> FindRefAsync(string name, CancellationToken cancellationToken)
    {
        if (!Exists)
        {
            return null;
        }

        ProgramResult result = await GitProcess.RunAsync(path, cancellationToken, "show-ref", "--verify", "--hash", "--", name);
        return result.Ok ? await FindAsync(result.Output.Trim(), cancellationToken) : null;
    }

    /// <summary>
    /// Returns the commits whose ids begin with the given digits, at most ten. Only objects are searched, because a ref may have such a name too.
    /// </summary>
    /// <param name="beginning">Hexadecimal digits.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<IReadOnlyList<Commit>> FindAllAsync(string beginning, CancellationToken cancellationToken)
    {
        ProgramResult result = await GitProcess.RunAsync(path, cancellationToken, "rev-parse", $"--disambiguate={beginning}");
        var found = new List<Commit>();
        foreach (string id in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(MaxAlike))
        {
            if (await FindAsync(id, cancellationToken) is { } commit && commit.Id == id)
            {
                found.Add(commit);
            }
        }

        return found;
    }

    /// <summary>Reads a commit; null if it does not exist.</summary>
    /// <param name="id">The full id of the commit, or one of the server's own refs.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<Commit?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!Exists)
        {
            return null;
        }

        ProgramResult result = await GitProcess.RunAsync(
            path, cancellationToken, "-c", "i18n.logOutputEncoding=UTF-8", "log", "--no-walk", "--format=%H%x00%an%x00%ae%x00%B", "--end-of-options", id, "--");

        // For a tree or a file, git prints nothing and reports no failure.
        if (!result.Ok || result.Output.Length == 0)
        {
            return null;
        }

        // A commit can hold anything, at any length. The parts after one that is too long are missing.
        string[] parts = result.Output.Split('\0', 4);
        string Part(int index, int most) => index < parts.Length ? TextLimit.Cut(parts[index], most) : "";
        return new Commit(parts[0].Trim(), Part(1, TextLimit.Name), Part(2, TextLimit.Name), Part(3, TextLimit.Message).Trim());
    }

    /// <summary>Whether a commit is the same as <paramref name="ancestor"/> or descends from it; false if one of them does not exist.</summary>
    public async Task<bool> ContainsAsync(string commit, string ancestor, CancellationToken cancellationToken) =>
        Exists && (await GitProcess.RunAsync(path, cancellationToken, "merge-base", "--is-ancestor", ancestor, commit)).Ok;

    /// <summary>
    /// Returns the files in which two commits differ; null if a commit does not exist, or if the list is longer than the part of git's output that is kept
    /// (<see cref="Programs.MaxOutput"/>).
    /// </summary>
    public async Task<IReadOnlyList<ChangedFile>?> CompareAsync(string before, string after, CancellationToken cancellationToken)
    {
        ProgramResult result = await GitProcess.RunAsync(path, cancellationToken, "diff-tree", "-r", "-z", "--name-status", "--no-renames", before, after);
        return result.Ok && result.Output.Length < Programs.MaxOutput
            ? [.. result.Output.Split('\0').Chunk(2).Where(change => change.Length == 2).Select(change => new ChangedFile(change[1], IsRemoved: change[0] == "D"))]
            : null;
    }

    /// <summary>
    /// Makes a repository for a folder that <see cref="Checkouts"/> has filled. It reads the objects of this repository, so that nothing is copied. Changes in
    /// it do not change this one.
    /// </summary>
    /// <param name="commit">The commit that is checked out.</param>
    /// <param name="folder">The folder of the checkout.</param>
    /// <param name="to">The path of the new repository.</param>
    /// <param name="branch">The branch that is checked out; null for none.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task CopyHistoryAsync(string commit, string folder, string to, string? branch, CancellationToken cancellationToken)
    {
        // The files are written directly, so that a push pays for only one git process, which lists the tags.
        ProgramResult tags = await GitProcess.RunAsync(path, cancellationToken, "for-each-ref", "--format=%(objectname) %(refname)", "refs/tags");
        Directory.CreateDirectory(System.IO.Path.Combine(to, "objects", "info"));
        Directory.CreateDirectory(System.IO.Path.Combine(to, "refs"));
        string refs = tags.Ok ? tags.Output[..(tags.Output.LastIndexOf('\n') + 1)] : "";
        string head = branch is null ? "" : $"{commit} {BranchName.Heads}{branch}\n";

        // A command may make a file executable, and some platforms do not record that. Neither counts as a change of the source.
        Write("config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfileMode = false\n");
        Write("packed-refs", head + refs);
        Write(System.IO.Path.Combine("objects", "info", "alternates"), System.IO.Path.Combine(path, "objects") + "\n");
        Write("HEAD", branch is null ? commit + "\n" : $"ref: {BranchName.Heads}{branch}\n");
        Take(Checkouts.IndexOf(folder), "index", File.Move);

        // After a push from a shallow clone, this file marks where the history ends.
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

    /// <summary>
    /// Protects a commit from garbage collection when no branch leads to it any more. The call is short and cannot be canceled, because an interrupted one
    /// would leave a lock.
    /// </summary>
    public Task KeepAsync(string commit) =>
        GitProcess.RunAsync(path, CancellationToken.None, "update-ref", $"{OwnRefs}/deployed/{commit}", commit);

    /// <summary>Removes the lock that an interrupted fetch has left. The caller holds the site's pass, so that no other fetch is running.</summary>
    /// <param name="fetchedRef">The ref that fetches write.</param>
    public void Unlock(string fetchedRef)
    {
        string file = System.IO.Path.Combine(path, fetchedRef + ".lock");
        if (File.Exists(file))
        {
            File.Delete(file);
        }
    }

    /// <summary>
    /// Removes what git has left after a kill or a power cut: locks, for which git would refuse every push to their branch forever, and the objects of
    /// unfinished pushes. Call it only while no git works in the repository.
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
            await GitProcess.RunAsync(path, CancellationToken.None, "symbolic-ref", "HEAD", BranchName.Heads + branch);
        }
    }
}
