namespace Nyala.Cli.Run;

/// <summary>
/// The location of a command, found by a shell's rules: a name with a slash is a path, and any other name is searched for in PATH only. (The framework's own
/// search prefers a file of that name in the working directory.)
/// </summary>
/// <param name="Path">The file to run; the name as given if there is no such file.</param>
/// <param name="Problem">Why the command cannot be run; null if it can.</param>
/// <param name="ExitCode">The exit code that a shell would return for the problem; 0 if there is none.</param>
internal sealed record CommandPath(string Path, string? Problem = null, int ExitCode = 0)
{
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    public static CommandPath Find(string name, string? path)
    {
        if (name.Contains('/', StringComparison.Ordinal) || (OperatingSystem.IsWindows() && name.Contains('\\', StringComparison.Ordinal)))
        {
            return Of(System.IO.Path.GetFullPath(name)) ?? NotFound(name);
        }

        CommandPath? unusable = null;
        foreach (string folder in (path ?? DefaultPath).Split(System.IO.Path.PathSeparator))
        {
            // An empty entry means the working directory, as in every shell.
            CommandPath? found = Candidates(name)
                .Select(file => Of(System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, file))))
                .FirstOrDefault(candidate => candidate is not null);
            if (found is { Problem: null })
            {
                return found;
            }

            unusable ??= found is { ExitCode: Cli.ExitCode.NotExecutable } && !Directory.Exists(found.Path) ? found : null;
        }

        return unusable ?? NotFound(name);
    }

    private static CommandPath NotFound(string name) => new(name, $"command not found: {name}", Cli.ExitCode.NotFound);

    private static IEnumerable<string> Candidates(string name) => OperatingSystem.IsWindows() ? [name, name + ".exe"] : [name];

    private static CommandPath? Of(string file)
    {
        if (Directory.Exists(file))
        {
            return new CommandPath(file, $"is a directory: {file}", Cli.ExitCode.NotExecutable);
        }

        if (!File.Exists(file))
        {
            return null;
        }

        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Execute) != 0
            ? new CommandPath(file)
            : new CommandPath(file, $"permission denied: {file}", Cli.ExitCode.NotExecutable);
    }
}
