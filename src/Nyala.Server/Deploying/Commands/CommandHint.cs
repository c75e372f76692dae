namespace Nyala.Server.Deploying.Commands;

/// <summary>What is known about a command that has failed or cannot run.</summary>
/// <param name="Calls">The programs that the command calls.</param>
/// <param name="Files">The files of the source that the command names.</param>
/// <param name="Exists">Whether a program exists, at its path or in the command's <c>PATH</c>.</param>
/// <param name="Backslashed">A file that the command would name if its backslashes were slashes; null if there is none.</param>
internal sealed record CommandFacts(IReadOnlyList<CommandCall> Calls, IReadOnlyList<CommandFile> Files, Func<string, bool> Exists, string? Backslashed);

/// <summary>Says how to fix a command that the machine could not run as intended. A pure decision.</summary>
internal static class CommandHint
{
    private const int NotExecutable = 126;
    private const int NotFound = 127;

    /// <summary>Commands that a shell executes itself.</summary>
    private static readonly string[] BuiltIn =
    [
        ".", ":", "[", "alias", "bg", "break", "case", "cd", "continue", "echo", "esac", "eval", "exit", "export", "false", "fg", "fi", "done", "for", "getopts", "hash", "jobs",
        "kill", "local", "printf", "pwd", "read", "readonly", "return", "set", "shift", "test", "times", "trap", "true", "type", "ulimit", "umask", "unalias", "unset", "wait",
    ];

    /// <summary>Returns why a command is not run at all; null if it is run.</summary>
    public static string? Refuses(CommandFacts facts) => facts.Files.FirstOrDefault(file => file.IsForWindows) is { } file
        ? $"The command uses '{file.Word}', a Windows script, which cannot run on this machine. Run `kuduscript -t bash` to generate deploy.sh, and use that as the command."
        : null;

    /// <summary>Returns the warnings to log before the command runs.</summary>
    public static IEnumerable<string> Warnings(CommandFacts facts, string kuduSync)
    {
        foreach (string wrong in facts.Files.Select(WrongText).OfType<string>())
        {
            yield return wrong;
        }

        if (facts.Files.FirstOrDefault(file => file.Head.UsesKuduSync) is { } script && !facts.Exists(kuduSync))
        {
            yield return $"'{script.Word}' calls KUDU_SYNC_CMD, but '{kuduSync}' is not in the server's PATH. Install it with `npm install --global kudusync`, or set KUDU_SYNC_CMD to its path.";
        }
    }

    /// <summary>Returns what to do about an exit code, in complete sentences; null if that is not known.</summary>
    public static string? Of(int exitCode, CommandFacts facts)
    {
        if (exitCode == 0)
        {
            return null;
        }

        if (facts.Files.Select(WrongText).FirstOrDefault(text => text is not null) is { } wrong)
        {
            return wrong;
        }

        return exitCode is not (NotExecutable or NotFound) ? null
            : facts.Files.FirstOrDefault(file => file.IsBare && !facts.Exists(file.Word)) is { } bare
                ? $"A shell does not look for '{bare.Word}' in the current folder. Write ./{bare.Word}."
            : facts.Backslashed is { } path ? $"Paths use slashes here, not backslashes. Write {(path.Contains('/', StringComparison.Ordinal) ? path : "./" + path)}."
            : facts.Files.FirstOrDefault(file => file.IsProgram && file.Head.Program is { } program && !facts.Exists(program)) is { } script
                ? $"'{script.Word}' requires '{script.Head.Program}' (see its first line), which is not installed on the server's machine, or not in the server's PATH. Install it."
            : facts.Calls.FirstOrDefault(call => Misses(call, facts)) is { } missing ? MissingText(missing.Program)
            : exitCode == NotExecutable ? "A file that the command calls is not executable. Make it executable (`git update-index --chmod=+x FILE`), or run it with `sh FILE`."
            : "A program that the command calls was not found. The last lines of the log name it.";
    }

    private static bool Misses(CommandCall call, CommandFacts facts) =>
        !BuiltIn.Contains(call.Program) && !facts.Files.Any(file => file.Word == call.Program) && !facts.Exists(call.Program);

    private static string MissingText(string program) => program.Contains('/', StringComparison.Ordinal) && !program.StartsWith('/')
        ? $"The file '{program}' is not among the deployed files. Commit it, or correct its name; case matters."
        : $"'{program}' is not installed on the server's machine, or not in the server's PATH. Install it, or use its full path.";

    private static string? WrongText(CommandFile file) =>
        file.HasWrongMark ? $"'{file.Word}' starts with a byte order mark, which a shell reads as part of the first command. Save it as UTF-8 without a byte order mark."
        : !file.HasWrongLines ? null
        : $"'{file.Word}' has Windows line endings (CRLF), which a shell reads as part of each command. Save it with LF. To keep git from writing CRLF, add the line `*.sh text eol=lf` to .gitattributes.";
}
