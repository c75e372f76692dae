using System.Globalization;

namespace Nyala.Server.Deploying.Commands;

/// <summary>Notices that a session of processes neither writes nor uses the processor, as one that waits for somebody's input does.</summary>
/// <param name="session">The id of its leader.</param>
/// <param name="clock">The clock.</param>
internal sealed class IdleWatch(int session, TimeProvider clock)
{
    /// <summary>Where a line of <c>/proc/PID/stat</c> has the session and the times, counted behind the name.</summary>
    private const int Session = 3;
    private const int FirstTime = 11;
    private const int Times = 4;

    private long _wrote = clock.GetTimestamp();

    /// <summary>Notes that something was written.</summary>
    public void Wrote() => Volatile.Write(ref _wrote, clock.GetTimestamp());

    /// <summary>Cancels once nothing was written, and no processor was used, for so long.</summary>
    /// <param name="limit">How long.</param>
    /// <param name="idle">Is cancelled then.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
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

    /// <summary>The processor time of the session's processes, and of those of them that have ended, in the system's ticks. 0 if the system does not tell.</summary>
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
            // It has ended meanwhile.
            return 0;
        }
    }
}
