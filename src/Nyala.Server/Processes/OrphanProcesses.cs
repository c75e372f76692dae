using System.Diagnostics;
using System.Text;

namespace Nyala.Server.Processes;

/// <summary>
/// Kills processes that a killed server left running. A deploy command or a git process does not notice that the server is gone, and would continue to write.
/// These processes are found by their environment, which only systems with <c>/proc</c> show.
/// </summary>
internal static class OrphanProcesses
{
    private const string RepositoryVariable = "NYALA_REPOSITORY";

    /// <summary>Marks a git process, and everything that it starts, with the repository that it works in.</summary>
    public static void Mark(ProcessStartInfo git, string repository) => git.Environment[RepositoryVariable] = repository;

    /// <summary>Marks a process that fills the folder of a deployment, so that <see cref="EndCommand"/> kills it too.</summary>
    public static void MarkCommand(ProcessStartInfo process, string source) => process.Environment["DEPLOYMENT_SOURCE"] = source;

    /// <summary>Kills the processes of a deploy command. They have this folder as their <c>DEPLOYMENT_SOURCE</c>.</summary>
    public static void EndCommand(string source) => End($"DEPLOYMENT_SOURCE={source}\0");

    /// <summary>Kills every git process that works in a repository below a folder.</summary>
    public static void EndGit(string folder) => End($"{RepositoryVariable}={folder}/");

    private static void End(string mark)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(mark);
        foreach (int process in Processes().Where(process => Environment(process).AsSpan().IndexOf(bytes) >= 0))
        {
            Posix.SignalProcess(process, Posix.Kill);
        }
    }

    private static IEnumerable<int> Processes() => !Directory.Exists("/proc") ? [] : Directory
        .EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), out int process) ? process : 0)
        .Where(process => process > 0 && process != System.Environment.ProcessId);

    private static byte[] Environment(int process)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{process}/environ");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The process has ended, or belongs to another user.
            return [];
        }
    }
}
