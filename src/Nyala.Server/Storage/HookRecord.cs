namespace Nyala.Server.Storage;

/// <summary>A hook as it is stored.</summary>
internal sealed record HookRecord
{
    public required long Id { get; init; }

    /// <summary>The site whose events the hook receives; null for a hook of the root, which receives the events of every site.</summary>
    public string? Site { get; init; }

    /// <summary>The type of event that the hook receives; <c>*</c> for every type.</summary>
    public required string Event { get; init; }

    /// <summary>The callback URL without its user info, so that it can be looked up.</summary>
    public required string Url { get; init; }

    /// <summary>The user info of the callback URL, encrypted; null if it has none.</summary>
    public string? UserInfo { get; init; }

    public bool InsecureSsl { get; init; }

    /// <summary>The signing secret, encrypted.</summary>
    public required string Secret { get; init; }

    /// <summary>The previous signing secret. Requests are also signed with it until it expires. Null if there is none.</summary>
    public RetiredSecret? Retired { get; init; }

    /// <summary>A description for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>The filter that events must match, as JSON; null if the hook receives every event of its type.</summary>
    public string? Filter { get; init; }

    /// <summary>Whether deliveries are sent one at a time, so that a failing delivery holds back the ones behind it.</summary>
    public bool Ordered { get; init; }

    /// <summary>The maximum number of attempts per minute; null for no limit.</summary>
    public int? Rate { get; init; }

    /// <summary>Additional request headers, as encrypted JSON; null if there are none.</summary>
    public string? Headers { get; init; }

    /// <summary>
    /// The certificate authorities that may issue the receiver's certificate, as PEM. No others are trusted. Null for the machine's trusted authorities.
    /// </summary>
    public string? Authority { get; init; }

    /// <summary>The client certificate and its key, as encrypted PEM; null for none.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>The name of the format in which events are sent; null for Kudu's.</summary>
    public string? Format { get; init; }

    /// <summary>What the hook sets for its format, as encrypted JSON; null if it sets nothing.</summary>
    public string? FormatSettings { get; init; }

    /// <summary>How many of the last lines of a deployment's log its events include; 0 for none.</summary>
    public int LogLines { get; init; }

    public HookState State { get; init; }

    /// <summary>Why the hook is not active; null if it is active or no reason was given.</summary>
    public string? StateReason { get; init; }

    /// <summary>The time of the last change of the state; null if it has never changed.</summary>
    public DateTimeOffset? StateSince { get; init; }

    /// <summary>The health of the hook's attempts.</summary>
    public HookHealth Health { get; init; }

    /// <summary>The number of lanes that the hook has had. Only the newest lane may write outcomes.</summary>
    public long Epoch { get; init; }

    public DateTimeOffset Created { get; init; }

    /// <summary>The result of the newest attempt; null before the first attempt.</summary>
    public LastAttempt? Last { get; init; }
}

/// <summary>The newest attempt of a hook.</summary>
/// <param name="Status">The name of the HTTP status, or <c>Failure</c>.</param>
/// <param name="Reason">Why the attempt failed; null if it succeeded.</param>
/// <param name="Time">The time it ended.</param>
/// <param name="Event">The event that was sent.</param>
internal sealed record LastAttempt(string Status, string? Reason, DateTimeOffset Time, long Event);

/// <summary>A replaced signing secret, encrypted, and the time at which it expires.</summary>
internal sealed record RetiredSecret(string Secret, DateTimeOffset Until);

/// <summary>The health of a hook's attempts. The default value is a healthy hook.</summary>
/// <param name="Failures">The number of consecutive failures.</param>
/// <param name="FailingSince">The time the first of these failures ended; null if there are none.</param>
/// <param name="HeldUntil">
/// The time until which nothing is sent, for example because the breaker is open or an ordered hook waits for a retry; null if the hook is not held.
/// </param>
/// <param name="Probes">The number of probes that failed since the breaker opened.</param>
internal readonly record struct HookHealth(int Failures, DateTimeOffset? FailingSince, DateTimeOffset? HeldUntil, int Probes);

/// <summary>A hook that receives a type of event.</summary>
/// <param name="Filter">The filter that events must match, as JSON; null if the hook receives every event of the type.</param>
/// <param name="Prompt">Whether a delivery can start at once: the hook is active, not held, and certainly has no rate limit.</param>
/// <param name="LogLines">How many of the last lines of the deployment's log the hook's events include; 0 for none.</param>
internal readonly record struct MatchedHook(long Id, HookState State, string? Filter, bool Prompt, int LogLines = 0);
