using System.Diagnostics;

namespace Nyala.Server.Processes;

/// <summary>
/// Processes that lead a session of their own (<c>setsid</c>), so that they can be ended with all that they started.
/// </summary>
internal static class ProcessGroup
{
    /// <summary>How long one has between SIGTERM and SIGKILL, to clean up.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Ends the process with all that it started.</summary>
    public static async Task EndAsync(Process leader, TimeProvider clock)
    {
        Posix.SignalGroup(leader.Id, Posix.Terminate);
        using var grace = new CancellationTokenSource(Grace, clock);
        await leader.WaitForExitAsync(grace.Token).ContinueWith(_ => { }, TaskScheduler.Default);

        // Also where the leader has gone in peace: what it started may not have.
        Posix.SignalGroup(leader.Id, Posix.Kill);
        await leader.WaitForExitAsync(CancellationToken.None);
    }
}
