namespace Nyala.Server.Storage;

/// <summary>A hook as it is stored.</summary>
internal sealed record HookRecord
{
    public required long Id { get; init; }

    /// <summary>The site whose events it hears; null at the root, for every site.</summary>
    public string? Site { get; init; }

    /// <summary>The type of event, or <c>*</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The callback without its user info, so that it can be looked up.</summary>
    public required string Url { get; init; }

    /// <summary>The callback's user info, encrypted; null if it has none.</summary>
    public string? UserInfo { get; init; }

    public bool InsecureSsl { get; init; }

    /// <summary>The signing secret, encrypted.</summary>
    public required string Secret { get; init; }

    /// <summary>The secret before the newest, which signs too until it is over; null if there is none.</summary>
    public RetiredSecret? Retired { get; init; }

    /// <summary>What people wrote about it.</summary>
    public string Description { get; init; } = "";

    /// <summary>Which events it hears of its type, as JSON; null for every one.</summary>
    public string? Filter { get; init; }

    /// <summary>Whether one delivery follows the other, and a failing one holds back what comes behind it.</summary>
    public bool Ordered { get; init; }

    /// <summary>Attempts in a minute at most; null for no limit.</summary>
    public int? Rate { get; init; }

    /// <summary>Headers to send along, encrypted JSON; null if there are none.</summary>
    public string? Headers { get; init; }

    /// <summary>The only certificate authorities that the receiver's certificate may come from, PEM; null for those that the machine trusts.</summary>
    public string? Authority { get; init; }

    /// <summary>The certificate and key to show to the receiver, encrypted PEM; null for none.</summary>
    public string? ClientCertificate { get; init; }

    public HookState State { get; init; }

    /// <summary>Why the state is not active; null if it is, or nobody said.</summary>
    public string? StateReason { get; init; }

    /// <summary>Since when the state is what it is; null if it has never changed.</summary>
    public DateTimeOffset? StateSince { get; init; }

    /// <summary>How its attempts fare.</summary>
    public HookHealth Health { get; init; }

    /// <summary>Counts the lanes that this hook has had; only the newest may write outcomes.</summary>
    public long Epoch { get; init; }

    public DateTimeOffset Created { get; init; }

    /// <summary>How the newest attempt ended; null before the first.</summary>
    public LastAttempt? Last { get; init; }
}

/// <summary>What a hook remembers of its newest attempt.</summary>
/// <param name="Status">The HTTP status' name, or <c>Failure</c>.</param>
/// <param name="Reason">Why it failed; null if it did not.</param>
/// <param name="Time">When it ended.</param>
/// <param name="Event">The event that was sent.</param>
internal sealed record LastAttempt(string Status, string? Reason, DateTimeOffset Time, long Event);

/// <summary>A signing secret that has been replaced, encrypted, and when it is over.</summary>
internal sealed record RetiredSecret(string Secret, DateTimeOffset Until);

/// <summary>How a hook's attempts fare. The default is a healthy hook.</summary>
/// <param name="Failures">Failures in a row.</param>
/// <param name="FailingSince">When the first of them ended; null if there is none.</param>
/// <param name="HeldUntil">Until when nothing is sent: the breaker is open, or an ordered hook waits for its retry.</param>
/// <param name="Probes">Probes that failed since the breaker opened.</param>
internal readonly record struct HookHealth(int Failures, DateTimeOffset? FailingSince, DateTimeOffset? HeldUntil, int Probes);

/// <summary>A hook that listens to an event's type.</summary>
/// <param name="Filter">Which of them it hears, as JSON; null for every one.</param>
/// <param name="Prompt">Whether a delivery starts at once: the hook is active, not held, and has no limit on its rate.</param>
internal readonly record struct MatchedHook(long Id, HookState State, string? Filter, bool Prompt);
