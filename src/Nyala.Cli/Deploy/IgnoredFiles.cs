using Nyala.Cli.Output;
using Nyala.Cli.Run;
using Nyala.Server.Processes;

namespace Nyala.Cli.Deploy;

/// <summary>
/// The files that git ignores in a folder, by <c>.gitignore</c> and similar files. They are listed by git itself. Tracked files are not ignored, even if a
/// pattern matches. In a repository inside the folder no file is ignored, because git does not look into it.
/// </summary>
internal sealed class IgnoredFiles
{
    /// <summary>No files.</summary>
    public static readonly IgnoredFiles None = new([]);

    // Git's error if it finds no repository. Its error for a repository that is named but missing is different; the ignored files are unknown then.
    private const string NoRepository = "not a git repository (or any";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly HashSet<string> _paths;

    private IgnoredFiles(IEnumerable<string> paths) => _paths = [.. paths.Select(path => path.TrimEnd('/'))];

    /// <summary>
    /// Asks git for the ignored files. If the folder itself is ignored, as the output of a build often is, the user means to deploy it, so no file in it is
    /// ignored. Without a repository, no file is ignored either. If git cannot list the files, prints a warning and ignores none.
    /// </summary>
    public static async Task<IgnoredFiles> FindAsync(CommandEnvironment environment, string folder)
    {
        if (!Git.IsInstalled(environment))
        {
            return IsInRepository(folder) ? Unknown(environment, "there is no git on this machine") : None;
        }

        ProgramResult? place = await Git.RunAsync(environment, folder, Limit, "rev-parse", "--show-cdup", "--show-prefix");
        if (place is not { ExitCode: 0 })
        {
            return Unknown(environment, place);
        }

        // The path up to the repository's root is one line of dots and slashes. The path down to the folder can contain line breaks.
        int end = place.Output.IndexOf('\n', StringComparison.Ordinal);
        string top = Path.Combine(folder, place.Output[..end]);
        string below = place.Output[(end + 1)..].TrimEnd('\n').TrimEnd('/');
        if (below.Length > 0 && await Git.RunAsync(environment, top, Limit, "check-ignore", "--quiet", "--", "./" + below) is { ExitCode: 0 })
        {
            return None;
        }

        ProgramResult? answer = await Git.RunAsync(environment, folder, Limit, "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z");
        return answer is { ExitCode: 0 } ? new IgnoredFiles(answer.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries)) : Unknown(environment, answer);
    }

    /// <summary>Whether a file or folder is ignored. The path is relative to the folder, with <c>/</c> as the separator.</summary>
    public bool Matches(string path) => _paths.Contains(path);

    private static bool IsInRepository(string folder)
    {
        for (DirectoryInfo? above = new(Path.GetFullPath(folder)); above is not null; above = above.Parent)
        {
            if (Path.Exists(Path.Combine(above.FullName, ".git")))
            {
                return true;
            }
        }

        return false;
    }

    private static IgnoredFiles Unknown(CommandEnvironment environment, ProgramResult? said) => said switch
    {
        null => Unknown(environment, "no answer in time"),
        _ when said.Error.Contains(NoRepository, StringComparison.Ordinal) => None,
        _ => Unknown(environment, said.Error.Split('\n')[0]),
    };

    private static IgnoredFiles Unknown(CommandEnvironment environment, string why)
    {
        environment.Error.WriteLine(TerminalText.OneLine($"nyala: warning: git could not list the ignored files, so they are sent too: {why}"));
        return None;
    }
}
