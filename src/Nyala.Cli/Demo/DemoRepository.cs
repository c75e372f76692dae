using Nyala.Cli.Run;

namespace Nyala.Cli.Demo;

/// <summary>A small real git repository with something to deploy: a page, and a script that copies it.</summary>
internal static class DemoRepository
{
    private const string Script = """
        set -e
        echo "Copying the site"
        mkdir -p ../www
        cp index.html ../www/
        echo "The site is in place"

        """;

    // The demo's own identity, and none of the user's signing or hooks.
    private static readonly string[] Own =
    [
        "-c", "user.name=Nyala Demo", "-c", "user.email=demo@example.com", "-c", "init.defaultBranch=main",
        "-c", "commit.gpgSign=false", "-c", "core.hooksPath=/dev/null",
    ];

    /// <summary>Creates the repository. If git is missing or fails, returns the folder with its files, no commit, and the problem.</summary>
    public static async Task<(string Folder, string? Commit, string? Problem)> CreateAsync(
        string folder, string? path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "<h1>Hello from Nyala</h1>\n", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "deploy.sh"), Script.ReplaceLineEndings("\n"), cancellationToken);
        CommandPath git = CommandPath.Find("git", path);
        if (git.Problem is { } missing)
        {
            return (folder, null, missing);
        }

        string answer = "";
        string[][] steps = [["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "Say hello"], ["rev-parse", "HEAD"]];
        foreach (string[] step in steps)
        {
            using DemoProcess process = DemoProcess.Start(git.Path, [.. Own, .. step], folder, line => answer = line);
            if (await process.WaitAsync(cancellationToken) != 0)
            {
                return (folder, null, $"git {step[0]} failed: {answer}");
            }
        }

        return (folder, answer, null);
    }
}
