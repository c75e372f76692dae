using Nyala.Client;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Commands;

/// <summary>Runs the deploy command of a release: prepares the files around it, and says how to fix a command that cannot run.</summary>
internal sealed class CommandStep(CommandRunner runner)
{
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Runs the command in the source's folder, to fill the target.</summary>
    /// <returns>Null if it succeeded; otherwise the reason for the failure.</returns>
    /// <exception cref="OperationCanceledException">The deployment was canceled, and the command was ended.</exception>
    public async Task<string?> RunAsync(DeployPlan plan, ISource files, RunRecord run, SiteFolder folder, RunOutput output, CancellationToken cancellationToken)
    {
        string source = folder.Checkout(run);
        string target = folder.Release(run);
        var around = new ScriptFolder(folder.Script(run));
        around.Make();
        try
        {
            await files.CopyHistoryAsync(source, around.Repository, run.Branch, cancellationToken);
            around.LinkFrom(source);
            SiteFolders.MakeReadable(target);
            string message = files.Found?.Message is { Length: > 0 } found ? found : run.Message;
            Dictionary<string, string> variables = ScriptVariables.Of(plan, run, message, source, target, around);
            string? failure = await RunAsync(plan, source, variables, output, cancellationToken);
            around.UnlinkFrom(source);
            around.UnlinkFrom(target);
            return failure;
        }
        finally
        {
            around.Remove();
        }
    }

    private async Task<string?> RunAsync(
        DeployPlan plan, string source, Dictionary<string, string> variables, RunOutput output, CancellationToken cancellationToken)
    {
        string command = plan.Command!;
        var files = new SourceFiles(source);

        // A command that was written on Windows has CRLF line ends. A shell would take the carriage return for part of the last word.
        command = command.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
        if (command.Any(char.IsWhiteSpace) && files.FindFile(command) is not null)
        {
            // The whole command is the path of one file, which a shell would split into words.
            command = $"'{command.Replace("'", @"'\''", StringComparison.Ordinal)}'";
        }

        await output.WriteAsync(plan.IsSitesCommand ? "Running the site's command." : $"Running the command: {command}");
        CommandFacts facts = Look(command, files, variables);
        if (CommandHint.Refuses(facts) is { } refusal)
        {
            return refusal;
        }

        foreach (string warning in CommandHint.Warnings(facts, variables[ScriptVariables.KuduSync]))
        {
            await output.WriteAsync(warning, LogEntryType.Warning);
        }

        foreach (CommandFile file in facts.Files.Where(file => file is { IsProgram: true, IsBare: false }))
        {
            MakeExecutable(file.Path);
        }

        CommandResult end = await runner.RunAsync(command, source, variables, plan.IdleLimit, output, cancellationToken);
        return end.Failure is { } failure && CommandHint.Of(end.ExitCode, facts) is { } hint ? $"{failure} {hint}" : end.Failure;
    }

    private static CommandFacts Look(string command, SourceFiles source, Dictionary<string, string> variables)
    {
        string? Expand(string name) => name == "PWD" ? source.Root : variables.GetValueOrDefault(name);

        IReadOnlyList<CommandCall> calls = CommandWords.Read(command, Expand);
        string? slashed = !command.Contains('\\', StringComparison.Ordinal)
            ? null
            : CommandWords.Read(command.Replace('\\', '/'), Expand).Select(call => call.Program).FirstOrDefault(program => source.FindFile(program) is not null);
        string path = variables.TryGetValue("PATH", out string? chosen) ? chosen : Environment.GetEnvironmentVariable("PATH") ?? "";
        return new CommandFacts(calls, CommandFile.Find(calls, source), program => Exists(program, source.Root, path), slashed);
    }

    private static bool Exists(string program, string folder, string path) => program.Contains('/', StringComparison.Ordinal)
        ? File.Exists(Path.Combine(folder, program))
        : path.Split(':').Any(part => File.Exists(Path.Combine(folder, part, program)));

    /// <summary>Makes a file executable, as Kudu does on Linux: Windows, and a zip that was made there, cannot mark a file as a program.</summary>
    private static void MakeExecutable(string file)
    {
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file) is var mode && (mode & Execute) != Execute)
        {
            File.SetUnixFileMode(file, mode | Execute);
        }
    }
}
