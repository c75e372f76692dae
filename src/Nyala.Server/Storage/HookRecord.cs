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

    /// <summary>The callback's user info, encrypted; null where it has none.</summary>
    public string? UserInfo { get; init; }

    public bool InsecureSsl { get; init; }

    /// <summary>The signing secret, encrypted.</summary>
    public required string Secret { get; init; }

    public HookState State { get; init; }

    /// <summary>Counts the lanes that this hook has had; only the newest may write outcomes.</summary>
    public long Epoch { get; init; }

    public DateTimeOffset Created { get; init; }

    /// <summary>How the newest attempt ended; null before the first.</summary>
    public LastAttempt? Last { get; init; }
}

/// <summary>What a hook remembers of its newest attempt.</summary>
/// <param name="Status">The HTTP status' name, or <c>Failure</c>.</param>
/// <param name="Reason">Why it failed; null where it did not.</param>
/// <param name="Time">When it ended.</param>
/// <param name="Event">The event that was sent.</param>
internal sealed record LastAttempt(string Status, string? Reason, DateTimeOffset Time, long Event);

/// <summary>A hook that an event matched.</summary>
internal readonly record struct MatchedHook(long Id, HookState State);
