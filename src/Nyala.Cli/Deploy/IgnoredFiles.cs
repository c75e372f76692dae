using Nyala.Cli.Output;
using Nyala.Cli.Run;
using Nyala.Server.Processes;

namespace Nyala.Cli.Deploy;

/// <summary>
/// What git ignores in a folder, by <c>.gitignore</c> and its like; git itself is asked. What is tracked is not ignored, whatever a pattern says. Of a repository within
/// the folder nothing is ignored: git does not look into it.
/// </summary>
internal sealed class IgnoredFiles
{
    /// <summary>Nothing.</summary>
    public static readonly IgnoredFiles None = new([]);

    // One that is named and not there is "not a git repository" as well: then git has not said what it ignores.
    private const string NoRepository = "not a git repository (or any";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly HashSet<string> _paths;

    private IgnoredFiles(IEnumerable<string> paths) => _paths = [.. paths.Select(path => path.TrimEnd('/'))];

    /// <summary>
    /// Asks git. A folder that is ignored itself, as those are that a build fills, is what is meant: nothing in it is ignored. The same goes if there is no git or no
    /// repository; where git refuses to say, a warning tells so.
    /// </summary>
    public static async Task<IgnoredFiles> FindAsync(CommandEnvironment environment, string folder)
    {
        if (!Git.Exists(environment))
        {
            return IsInRepository(folder) ? Unknown(environment, "there is no git on this machine") : None;
        }

        ProgramResult? place = await Git.AskAsync(environment, folder, Limit, "rev-parse", "--show-cdup", "--show-prefix");
        if (place is not { ExitCode: 0 })
        {
            return Unknown(environment, place);
        }

        // The way up, dots and slashes, is one line; the way down may contain line breaks.
        int end = place.Output.IndexOf('\n', StringComparison.Ordinal);
        string top = Path.Combine(folder, place.Output[..end]);
        string below = place.Output[(end + 1)..].TrimEnd('\n').TrimEnd('/');
        if (below.Length > 0 && await Git.AskAsync(environment, top, Limit, "check-ignore", "--quiet", "--", "./" + below) is { ExitCode: 0 })
        {
            return None;
        }

        ProgramResult? answer = await Git.AskAsync(environment, folder, Limit, "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z");
        return answer is { ExitCode: 0 } ? new IgnoredFiles(answer.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries)) : Unknown(environment, answer);
    }

    /// <summary>Whether a file or folder is ignored, by its path below the folder, with <c>/</c>.</summary>
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
