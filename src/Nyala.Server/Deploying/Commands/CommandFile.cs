namespace Nyala.Server.Deploying.Commands;

/// <summary>A file of the source that a command names.</summary>
/// <param name="Word">The file's name, as the command writes it.</param>
/// <param name="Path">The file's path.</param>
/// <param name="IsProgram">Whether the command runs the file itself; false if it passes the file to a shell.</param>
/// <param name="Head">The beginning of the file.</param>
internal sealed record CommandFile(string Word, string Path, bool IsProgram, ScriptHead Head)
{
    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "ksh", "zsh"];
    private static readonly string[] Windows = [".cmd", ".bat", ".ps1"];

    /// <summary>Whether the command names the file without a folder. A shell does not look for such a name in the folder where it runs.</summary>
    public bool IsBare => IsProgram && !Word.Contains('/', StringComparison.Ordinal);

    /// <summary>Whether only Windows can run the file.</summary>
    public bool IsForWindows => IsProgram && Head.Interpreter.Count == 0 && Windows.Contains(System.IO.Path.GetExtension(Path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a shell reads the file line by line.</summary>
    public bool IsForShell => !IsProgram || Head.Program is { } program && Shells.Contains(System.IO.Path.GetFileName(program))
        || Head.Interpreter.Count == 0 && System.IO.Path.GetExtension(Path) is ".sh" or ".bash";

    /// <summary>Whether the file's line ends keep it from running as intended.</summary>
    public bool HasWrongLines => Head.HasWindowsLines && (IsForShell || IsProgram && Head.Interpreter.Count > 0);

    /// <summary>Whether a byte order mark before the first line keeps the file from running as intended.</summary>
    public bool HasWrongMark => Head.HasMark && (IsProgram || IsForShell);

    /// <summary>
    /// Finds the files of a source that a command's calls name. Names are looked up in the folder that earlier <c>cd</c> calls lead to, then in the source's
    /// own folder.
    /// </summary>
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
