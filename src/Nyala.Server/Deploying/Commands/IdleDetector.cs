using System.Globalization;

namespace Nyala.Server.Deploying.Commands;

/// <summary>Detects a session of processes that neither writes nor uses the processor, for example because it waits for input.</summary>
/// <param name="session">The process id of the session's leader.</param>
/// <param name="clock">The clock.</param>
internal sealed class IdleDetector(int session, TimeProvider clock)
{
    /// <summary>The positions of the session and the processor times in a line of <c>/proc/PID/stat</c>, counted after the process name.</summary>
    private const int Session = 3;
    private const int FirstTime = 11;
    private const int Times = 4;

    private long _wrote = clock.GetTimestamp();

    /// <summary>Notes that the session has written something.</summary>
    public void Wrote() => Volatile.Write(ref _wrote, clock.GetTimestamp());

    /// <summary>Cancels <paramref name="idle"/> when the session has written nothing and used no processor time for the given time.</summary>
    /// <param name="limit">The time without any activity.</param>
    /// <param name="idle">The source to cancel.</param>
    /// <param name="cancellationToken">Stops the watch.</param>
    public async Task CancelAsync(TimeSpan limit, CancellationTokenSource idle, CancellationToken cancellationToken)
    {
        try
        {
            long used = Used();
            while (true)
            {
                TimeSpan quiet = clock.GetElapsedTime(Volatile.Read(ref _wrote));
                await Task.Delay(quiet < limit ? limit - quiet : limit, clock, cancellationToken);
                if (clock.GetElapsedTime(Volatile.Read(ref _wrote)) < limit)
                {
                    continue;
                }

                long now = Used();
                if (now == used)
                {
                    await idle.CancelAsync();
                    return;
                }

                used = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The command has ended.
        }
    }

    /// <summary>
    /// Returns the processor time of the session's processes and of their children that have ended, in clock ticks; 0 if the system does not report it.
    /// </summary>
    private long Used() => !Directory.Exists("/proc")
        ? 0
        : Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])).Sum(path => UsedBy(Path.Combine(path, "stat")));

    private long UsedBy(string file)
    {
        try
        {
            string text = File.ReadAllText(file);
            string[] fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return int.Parse(fields[Session], CultureInfo.InvariantCulture) != session
                ? 0
                : fields.Skip(FirstTime).Take(Times).Sum(time => long.Parse(time, CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            // The process has ended in the meantime.
            return 0;
        }
    }
}
