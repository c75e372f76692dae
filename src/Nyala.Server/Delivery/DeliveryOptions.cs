namespace Nyala.Server.Delivery;

/// <summary>Options of the section <c>Delivery</c>.</summary>
internal sealed class DeliveryOptions
{
    /// <summary>
    /// The wait before each attempt after the first, counted from the end of the previous attempt. Each wait varies randomly by ±20 %. A delivery fails when
    /// the schedule is used up. Default 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 3 h, 6 h, 12 h, 24 h; 1 to 50 waits, each from 100 ms to 7 d.
    /// </summary>
    public TimeSpan[] RetrySchedule { get; set; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24),
    ];

    /// <summary>How long after its event, or after it was last resent, a delivery is still attempted, even if it was held. Default 7 d; 1 min to 90 d.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The maximum number of attempts in flight to one hook. Default 16; 1 to 1024.</summary>
    public int InFlightPerHook { get; set; } = 16;

    /// <summary>The maximum number of attempts in flight on the server. Half of them are reserved for first attempts. Default 512; 2 to 65536.</summary>
    public int InFlightPerNode { get; set; } = 512;

    /// <summary>
    /// The number of failures in a row after which a hook's circuit breaker opens. While it is open, only probes are sent. Default 5; 1 to 1000.
    /// </summary>
    public int BreakerFailures { get; set; } = 5;

    /// <summary>
    /// The time from the opening of a circuit breaker to its first probe. Each probe that fails doubles the wait, up to <see cref="BreakerProbeMax"/>. Default
    /// 30 s; 100 ms to 24 h.
    /// </summary>
    public TimeSpan BreakerProbe { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait between two probes. Default 1 h; <see cref="BreakerProbe"/> to 24 h.</summary>
    public TimeSpan BreakerProbeMax { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long every attempt to a hook may fail before the hook is disabled. Default 5 d; 1 min to 90 d.</summary>
    public TimeSpan DisableAfter { get; set; } = TimeSpan.FromDays(5);

    /// <summary>How long finished deliveries are kept, with their attempts and events. Default 30 d; 1 h to 3650 d.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The maximum time that the response to a publisher waits for the first attempts. Default 10 s, as in Kudu; 0 to 5 min.</summary>
    public TimeSpan PublishWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The maximum size of the body of an event, or of another request, in bytes. It does not apply to zips, git pushes and <c>POST /deploy</c>, nor to a request
    /// with many events as a whole. Default 1048576; 1024 to 104857600.
    /// </summary>
    public int EventLimit { get; set; } = 1024 * 1024;

    /// <summary>How long the attempts in flight may take to end when the server stops. Default 15 s; 0 to 5 min.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(15);

    public IEnumerable<string> Validate()
    {
        if (RetrySchedule.Length is 0 or > 50)
        {
            yield return $"Delivery:RetrySchedule has {RetrySchedule.Length} entries: it must have 1 to 50.";
        }

        foreach (TimeSpan wait in RetrySchedule.Where(wait => wait < TimeSpan.FromMilliseconds(100) || wait > TimeSpan.FromDays(7)))
        {
            yield return $"Delivery:RetrySchedule contains {wait}: each wait must be from 100 ms to 7 d.";
        }

        if (Life < TimeSpan.FromMinutes(1) || Life > TimeSpan.FromDays(90))
        {
            yield return $"Delivery:Life is {Life}: it must be from 1 min to 90 d.";
        }

        if (InFlightPerHook is < 1 or > 1024)
        {
            yield return $"Delivery:InFlightPerHook is {InFlightPerHook}: it must be from 1 to 1024.";
        }

        if (InFlightPerNode is < 2 or > 65536)
        {
            yield return $"Delivery:InFlightPerNode is {InFlightPerNode}: it must be from 2 to 65536.";
        }

        if (BreakerFailures is < 1 or > 1000)
        {
            yield return $"Delivery:BreakerFailures is {BreakerFailures}: it must be from 1 to 1000.";
        }

        if (BreakerProbe < TimeSpan.FromMilliseconds(100) || BreakerProbe > TimeSpan.FromHours(24))
        {
            yield return $"Delivery:BreakerProbe is {BreakerProbe}: it must be from 100 ms to 24 h.";
        }

        if (BreakerProbeMax < BreakerProbe || BreakerProbeMax > TimeSpan.FromHours(24))
        {
            yield return $"Delivery:BreakerProbeMax is {BreakerProbeMax}: it must be from Delivery:BreakerProbe ({BreakerProbe}) to 24 h.";
        }

        if (DisableAfter < TimeSpan.FromMinutes(1) || DisableAfter > TimeSpan.FromDays(90))
        {
            yield return $"Delivery:DisableAfter is {DisableAfter}: it must be from 1 min to 90 d.";
        }

        if (Retention < TimeSpan.FromHours(1) || Retention > TimeSpan.FromDays(3650))
        {
            yield return $"Delivery:Retention is {Retention}: it must be from 1 h to 3650 d.";
        }

        if (PublishWait < TimeSpan.Zero || PublishWait > TimeSpan.FromMinutes(5))
        {
            yield return $"Delivery:PublishWait is {PublishWait}: it must be from 0 to 5 min.";
        }

        if (EventLimit is < 1024 or > 100 * 1024 * 1024)
        {
            yield return $"Delivery:EventLimit is {EventLimit}: it must be from 1024 to 104857600 bytes.";
        }

        if (StopTimeout < TimeSpan.Zero || StopTimeout > TimeSpan.FromMinutes(5))
        {
            yield return $"Delivery:StopTimeout is {StopTimeout}: it must be from 0 to 5 min.";
        }
    }
}
