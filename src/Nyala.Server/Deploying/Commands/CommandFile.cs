namespace Nyala.Server.Deploying.Commands;

/// <summary>A file of the source that a command names.</summary>
/// <param name="Word">As the command names it.</param>
/// <param name="Path">Where it is.</param>
/// <param name="IsProgram">Whether the command runs it itself, and not as what a shell reads.</param>
/// <param name="Head">How it begins.</param>
internal sealed record CommandFile(string Word, string Path, bool IsProgram, ScriptHead Head)
{
    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "ksh", "zsh"];
    private static readonly string[] Windows = [".cmd", ".bat", ".ps1"];

    /// <summary>Whether the command names it without a folder: a shell does not look for such a name where it runs.</summary>
    public bool IsBare => IsProgram && !Word.Contains('/', StringComparison.Ordinal);

    /// <summary>Whether only Windows runs it.</summary>
    public bool IsForWindows => IsProgram && Head.Interpreter.Count == 0 && Windows.Contains(System.IO.Path.GetExtension(Path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a shell reads it line by line.</summary>
    public bool IsForShell => !IsProgram || Head.Program is { } program && Shells.Contains(System.IO.Path.GetFileName(program))
        || Head.Interpreter.Count == 0 && System.IO.Path.GetExtension(Path) is ".sh" or ".bash";

    /// <summary>Whether its line ends keep it from running as it is meant.</summary>
    public bool HasWrongLines => Head.HasWindowsLines && (IsForShell || IsProgram && Head.Interpreter.Count > 0);

    /// <summary>Whether a mark in front of its first line keeps it from running as it is meant.</summary>
    public bool HasWrongMark => Head.HasMark && (IsProgram || IsForShell);

    /// <summary>Finds the files of a source that a command's calls name, from the folder that an earlier <c>cd</c> leads to or from the source's own.</summary>
    public static IReadOnlyList<CommandFile> Find(IEnumerable<CommandCall> calls, SourceFiles source)
    {
        var found = new List<CommandFile>();
        string folder = "";
        foreach (CommandCall call in calls)
        {
            if (call is { Program: "cd", Arguments: [{ } to] })
            {
                folder = System.IO.Path.Combine(folder, to);
            }

            if ((Program(call, Locate) ?? Script(call, Locate)) is { } file)
            {
                found.Add(file);
            }
        }

        return found;

        string? Locate(string word) => source.FindFile(System.IO.Path.Combine(folder, word)) ?? source.FindFile(word);
    }

    private static CommandFile? Program(CommandCall call, Func<string, string?> locate) =>
        locate(call.Program) is { } path ? new CommandFile(call.Program, path, IsProgram: true, ScriptHead.Read(path)) : null;

    private static CommandFile? Script(CommandCall call, Func<string, string?> locate) =>
        Shells.Append(".").Append("source").Contains(System.IO.Path.GetFileName(call.Program))
        && call.Arguments.FirstOrDefault(argument => argument is null or [not ('-' or '+'), ..]) is { } word
        && !call.Arguments.Contains("-c")
        && locate(word) is { } path
            ? new CommandFile(word, path, IsProgram: false, ScriptHead.Read(path))
            : null;
}
