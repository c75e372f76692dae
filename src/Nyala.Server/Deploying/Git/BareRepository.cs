using Nyala.Server.Disk;
using Nyala.Server.Http;
using Nyala.Server.Processes;
using Nyala.Server.Sites;

namespace Nyala.Server.Deploying.Git;

/// <summary>The bare repository of a site.</summary>
internal sealed class BareRepository(string path)
{
    /// <summary>Refs that are the server's own: never shown to a client, never taken from one.</summary>
    public const string OwnRefs = "refs/nyala";

    private const int MostAlike = 10;

    public string Path => path;

    public bool Exists => File.Exists(System.IO.Path.Combine(path, "HEAD"));

    /// <summary>Makes the repository if it is not there.</summary>
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
        ProgramResult result = await GitProcess.RunAsync(GitProcess.Start("init", "--quiet", "--bare", "--initial-branch", branch, aside), cancellationToken);
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

    /// <summary>The commit that a ref leads to; null if there is none. git would look for a missing ref under other names too, which a pusher chooses.</summary>
    /// <param name="name">The ref's full name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Commit?> FindRefAsync(string name, CancellationToken cancellationToken)
    {
        if (!Exists)
        {
            return null;
        }

        ProgramResult result = await GitProcess.RunAsync(path, cancellationToken, "show-ref", "--verify", "--hash", "--", name);
        return result.Ok ? await FindAsync(result.Output.Trim(), cancellationToken) : null;
    }

    /// <summary>The commits whose ids begin so, a few at most: of objects alone, since a ref may have such a name, too.</summary>
    /// <param name="beginning">Hexadecimal digits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<Commit>> FindAllAsync(string beginning, CancellationToken cancellationToken)
    {
        ProgramResult result = await GitProcess.RunAsync(path, cancellationToken, "rev-parse", $"--disambiguate={beginning}");
        var found = new List<Commit>();
        foreach (string id in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(MostAlike))
        {
            if (await FindAsync(id, cancellationToken) is { } commit && commit.Id == id)
            {
                found.Add(commit);
            }
        }

        return found;
    }

    /// <summary>What a commit says; null if there is no such commit.</summary>
    /// <param name="id">Its whole id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Commit?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!Exists)
        {
            return null;
        }

        ProgramResult result = await GitProcess.RunAsync(
            path, cancellationToken, "-c", "i18n.logOutputEncoding=UTF-8", "log", "--no-walk", "--format=%H%x00%an%x00%ae%x00%B", "--end-of-options", id, "--");

        // Of a tree or a file git says nothing, and that is no failure.
        if (!result.Ok || result.Output.Length == 0)
        {
            return null;
        }

        // Commits contain anything at any length; parts after an endless name are missing.
        string[] parts = result.Output.Split('\0', 4);
        string Part(int index, int most) => index < parts.Length ? TextLimit.Cut(parts[index], most) : "";
        return new Commit(parts[0].Trim(), Part(1, TextLimit.Name), Part(2, TextLimit.Name), Part(3, TextLimit.Message).Trim());
    }

    /// <summary>Whether a commit is another one or descends from it; false if one of them is not there.</summary>
    public async Task<bool> ContainsAsync(string commit, string ancestor, CancellationToken cancellationToken) =>
        Exists && (await GitProcess.RunAsync(path, cancellationToken, "merge-base", "--is-ancestor", ancestor, commit)).Ok;

    /// <summary>The files in which two commits differ; null if one of the commits is not there, or if the list is longer than what is kept of git's output (<see cref="Programs.MaxOutput"/>).</summary>
    public async Task<IReadOnlyList<ChangedFile>?> CompareAsync(string before, string after, CancellationToken cancellationToken)
    {
        ProgramResult result = await GitProcess.RunAsync(path, cancellationToken, "diff-tree", "-r", "-z", "--name-status", "--no-renames", before, after);
        return result.Ok && result.Output.Length < Programs.MaxOutput
            ? [.. result.Output.Split('\0').Chunk(2).Where(change => change.Length == 2).Select(change => new ChangedFile(change[1], IsRemoved: change[0] == "D"))]
            : null;
    }

    /// <summary>
    /// Makes a repository for a folder that <see cref="Checkouts"/> has filled. It reads this one's objects, so that nothing is copied, and
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
        ProgramResult tags = await GitProcess.RunAsync(path, cancellationToken, "for-each-ref", "--format=%(objectname) %(refname)", "refs/tags");
        Directory.CreateDirectory(System.IO.Path.Combine(to, "objects", "info"));
        Directory.CreateDirectory(System.IO.Path.Combine(to, "refs"));
        string refs = tags.Ok ? tags.Output[..(tags.Output.LastIndexOf('\n') + 1)] : "";
        string head = branch is null ? "" : $"{commit} {BranchName.Heads}{branch}\n";

        // A command may make a file executable, or its platform may not know of that: neither is a change of the source.
        Write("config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfileMode = false\n");
        Write("packed-refs", head + refs);
        Write(System.IO.Path.Combine("objects", "info", "alternates"), System.IO.Path.Combine(path, "objects") + "\n");
        Write("HEAD", branch is null ? commit + "\n" : $"ref: {BranchName.Heads}{branch}\n");
        Take(Checkouts.IndexOf(folder), "index", File.Move);

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

    /// <summary>Keeps a commit from being collected when no branch leads to it any more. It takes a moment and is not cut off, which would leave a lock.</summary>
    public Task KeepAsync(string commit) =>
        GitProcess.RunAsync(path, CancellationToken.None, "update-ref", $"{OwnRefs}/deployed/{commit}", commit);

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
    /// Removes what a git left that was cut off, by a kill or by a machine that lost its power: locks, for which every push to their branch would be refused forever, and
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
            await GitProcess.RunAsync(path, CancellationToken.None, "symbolic-ref", "HEAD", BranchName.Heads + branch);
        }
    }
}
