using System.Text;

namespace Nyala.Server.Deploying;

/// <summary>
/// Ends what a killed server left running: a deploy command does not know that nobody waits for it, and would go on writing. Its
/// processes are known by their environment, which only systems with <c>/proc</c> show.
/// </summary>
internal static class Leftovers
{
    /// <summary>Ends every process that has this folder as its <c>DEPLOYMENT_SOURCE</c>.</summary>
    /// <returns>How many there were.</returns>
    public static int End(string source)
    {
        byte[] mark = Encoding.UTF8.GetBytes($"DEPLOYMENT_SOURCE={source}\0");
        int ended = 0;
        foreach (int process in Processes())
        {
            if (Environment(process).AsSpan().IndexOf(mark) is 0 or > 0)
            {
                Posix.SignalProcess(process, Posix.Kill);
                ended++;
            }
        }

        return ended;
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
