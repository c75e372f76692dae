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
        ? $"The command names '{file.Word}', a script for Windows, which does not run on this machine. `kuduscript -t bash` writes one that does, deploy.sh; name that."
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
            yield return $"'{script.Word}' calls KUDU_SYNC_CMD, and '{kuduSync}' is not in the PATH of the server: `npm install --global kudusync` installs it, or the setting KUDU_SYNC_CMD names it.";
        }
    }

    /// <summary>Returns what to do about an exit code, in one sentence; null if that is not known.</summary>
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
                ? $"A shell does not look for '{bare.Word}' in the folder where it runs: write ./{bare.Word}."
            : facts.Backslashed is { } path ? $"A path has slashes here, not backslashes: write {(path.Contains('/', StringComparison.Ordinal) ? path : "./" + path)}."
            : facts.Files.FirstOrDefault(file => file.IsProgram && file.Head.Program is { } program && !facts.Exists(program)) is { } script
                ? $"'{script.Word}' is run by '{script.Head.Program}', as its first line says, which is not on the server's machine, or not in the PATH of the server: install it."
            : facts.Calls.FirstOrDefault(call => Misses(call, facts)) is { } missing ? MissingText(missing.Program)
            : exitCode == NotExecutable ? "A file that it calls is not executable: mark it so (`git update-index --chmod=+x FILE`), or run it by `sh FILE`."
            : "A program that it calls was not found: the last lines of the log name it.";
    }

    private static bool Misses(CommandCall call, CommandFacts facts) =>
        !BuiltIn.Contains(call.Program) && !facts.Files.Any(file => file.Word == call.Program) && !facts.Exists(call.Program);

    private static string MissingText(string program) => program.Contains('/', StringComparison.Ordinal) && !program.StartsWith('/')
        ? $"There is no file '{program}' in what was sent: commit it, or write its name as it is there, also in upper and lower case."
        : $"'{program}' is not on the server's machine, or not in the PATH of the server: install it, or name it by its path.";

    private static string? WrongText(CommandFile file) =>
        file.HasWrongMark ? $"'{file.Word}' begins with a byte order mark, which is a part of its first command to a shell: save it as UTF-8 without one."
        : !file.HasWrongLines ? null
        : $"'{file.Word}' has the line ends of Windows (CRLF), which are part of each command to a shell: save it with LF. A line `*.sh text eol=lf` in .gitattributes keeps git from writing them.";
}
