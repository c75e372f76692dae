using System.Diagnostics;

namespace Nyala.Server.Processes;

/// <summary>Ends processes that lead their own session (<c>setsid</c>), together with everything that they started.</summary>
internal static class ProcessGroup
{
    /// <summary>The time between SIGTERM and SIGKILL, in which processes can clean up.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Ends the process together with everything that it started.</summary>
    public static async Task EndAsync(Process leader, TimeProvider clock)
    {
        Posix.SignalGroup(leader.Id, Posix.Terminate);
        using var grace = new CancellationTokenSource(Grace, clock);
        await leader.WaitForExitAsync(grace.Token).ContinueWith(_ => { }, TaskScheduler.Default);

        // This is needed even if the leader has exited, because processes that it started may still run.
        Posix.SignalGroup(leader.Id, Posix.Kill);
        await leader.WaitForExitAsync(CancellationToken.None);
    }
}
