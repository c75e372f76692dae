using System.Diagnostics;
using System.Text;

namespace Nyala.Tests.Deploying.Fetch;

/// <summary>A bare repository <c>shop.git</c> in a temporary folder, to which tests add commits.</summary>
internal sealed class SourceRepository : IDisposable
{
    private int _count;

    public SourceRepository()
    {
        Git("init", "--quiet", "--bare", "--initial-branch=main", Folder);
        Git("-C", Folder, "config", "http.receivepack", "false");
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("nyala-source-").FullName;

    public string Folder => Path.Combine(Root, "shop.git");

    /// <summary>Adds a commit with one file to a branch and returns its id.</summary>
    public string Commit(string branch = "main", string file = "index.html", string content = "<h1>Shop</h1>", string message = "My fix", string author = "Ann")
    {
        string blob = Feed(content, "hash-object", "-w", "--stdin");
        string tree = Feed($"100644 blob {blob}\t{file}\n", "mktree");
        string parent = Git("-C", Folder, "for-each-ref", "--format=%(objectname)", $"refs/heads/{branch}");
        string[] parents = parent.Length == 0 ? [] : ["-p", parent];
        string id = Run($"{message}\n\nNo. {Interlocked.Increment(ref _count)}", ["-C", Folder, "commit-tree", tree, .. parents], author);
        Git("-C", Folder, "update-ref", $"refs/heads/{branch}", id);
        Git("-C", Folder, "update-server-info");
        return id;
    }

    /// <summary>Adds a commit with these files to the branch <c>main</c> and returns its id.</summary>
    /// <param name="files">The paths, the modes as git writes them, and the contents. The content of a submodule is its commit.</param>
    public string CommitFiles(params IEnumerable<(string Path, string Mode, string Content)> files)
    {
        string parent = Git("-C", Folder, "for-each-ref", "--format=%(objectname)", "refs/heads/main");
        var stream = new StringBuilder($"commit refs/heads/main\ncommitter Ann <ann@example.com> {Interlocked.Increment(ref _count)} +0000\ndata 0\n");
        stream.Append(parent.Length == 0 ? "" : $"from {parent}\n").Append("deleteall\n");
        foreach ((string path, string mode, string content) in files)
        {
            stream.Append(mode == "160000" ? $"M {mode} {content} {path}\n" : $"M {mode} inline {path}\ndata {Encoding.UTF8.GetByteCount(content)}\n{content}\n");
        }

        Feed(stream.ToString(), "fast-import", "--quiet");
        Git("-C", Folder, "update-server-info");
        return Git("-C", Folder, "rev-parse", "refs/heads/main");
    }

    /// <summary>Moves a branch to a commit, as a forced push does. Deletes the branch if <paramref name="commit"/> is null.</summary>
    public void Move(string? commit, string branch = "main")
    {
        string[] update = commit is null ? ["-d", $"refs/heads/{branch}"] : [$"refs/heads/{branch}", commit];
        Git(["-C", Folder, "update-ref", .. update]);
        Git("-C", Folder, "update-server-info");
    }

    /// <summary>Runs git as the user Ann.</summary>
    public static string Git(params IEnumerable<string> arguments) => Run("", arguments);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private string Feed(string input, params string[] arguments) => Run(input, ["-C", Folder, .. arguments]);

    private static string Run(string input, IEnumerable<string> arguments, string author = "Ann")
    {
        var start = new ProcessStartInfo("git", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_AUTHOR_NAME"] = start.Environment["GIT_COMMITTER_NAME"] = author;
        start.Environment["GIT_AUTHOR_EMAIL"] = start.Environment["GIT_COMMITTER_EMAIL"] = "ann@example.com";
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd().Trim();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(error);
    }
}
