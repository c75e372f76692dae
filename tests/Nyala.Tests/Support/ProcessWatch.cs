namespace Nyala.Tests.Support;

internal static class ProcessWatch
{
    /// <summary>Whether a process has ended, or has exited and only waits for its parent to read its exit code.</summary>
    public static bool Gone(int process)
    {
        string status = $"/proc/{process}/status";
        return !File.Exists(status) || File.ReadAllText(status).Contains("State:\tZ", StringComparison.Ordinal);
    }
}
