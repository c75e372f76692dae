namespace Nyala.Tests.Support;

internal static class ProcessWatch
{
    /// <summary>Whether a process is gone, or waits for nothing but that its parent looks.</summary>
    public static bool Gone(int process)
    {
        string status = $"/proc/{process}/status";
        return !File.Exists(status) || File.ReadAllText(status).Contains("State:\tZ", StringComparison.Ordinal);
    }
}
