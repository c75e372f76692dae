using System.Text;

namespace Nyala.Server.Deploying;

/// <summary>
/// Ends what a killed server left running: a deploy command does not know that nobody waits for it, and would go on writing. Its
/// processes are known by their environment, which only systems with <c>/proc</c> show.
/// </summary>
internal static class Leftovers
{
    /// <summary>Tells every process that a fetch has started which repository it fetches into.</summary>
    public const string FetchVariable = "NYALA_FETCH";

    /// <summary>Ends what a deploy command has started: it has this folder as its <c>DEPLOYMENT_SOURCE</c>.</summary>
    public static void EndCommand(string source) => End($"DEPLOYMENT_SOURCE={source}\0");

    /// <summary>Ends the fetches into every repository below a folder.</summary>
    public static void EndFetches(string folder) => End($"{FetchVariable}={folder}/");

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
            // It has ended meanwhile, or is another user's.
            return [];
        }
    }
}
