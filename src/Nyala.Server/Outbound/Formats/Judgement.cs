namespace Nyala.Server.Outbound.Formats;

/// <summary>What the end of an attempt means for its delivery.</summary>
internal enum Disposition
{
    /// <summary>The delivery has failed for now, and is retried as the schedule allows.</summary>
    TryAgain,

    /// <summary>The event was delivered.</summary>
    Accepted,

    /// <summary>The receiver will never accept this delivery, so it fails without a retry.</summary>
    Refused,

    /// <summary>The receiver wants no more events from this hook.</summary>
    HookGone,
}

/// <summary>What a format makes of an answer.</summary>
internal readonly record struct Judgement
{
    private Judgement(Disposition disposition, string? reason, TimeSpan? wait = null, string? hookReason = null) =>
        (Disposition, Reason, Wait, HookReason) = (disposition, reason, wait, hookReason);

    public static Judgement Accepted { get; } = new(Disposition.Accepted, reason: null);

    public Disposition Disposition { get; }

    /// <summary>Whether the service refuses the account of the server, so that the fault is not the receiver's.</summary>
    public bool IsAccountFault { get; private init; }

    /// <summary>Why the attempt failed, in words; null if it was accepted. It may quote the receiver.</summary>
    public string? Reason { get; }

    /// <summary>How long the receiver asked to wait; null if it did not ask.</summary>
    public TimeSpan? Wait { get; }

    /// <summary>Why the hook is gone; null if it is not. More people see it than see what a receiver answers, so it quotes no free text of the receiver.</summary>
    public string? HookReason { get; }

    /// <param name="reason">Why the attempt failed.</param>
    /// <param name="wait">How long the receiver asked to wait; null if it did not ask.</param>
    public static Judgement TryAgain(string reason, TimeSpan? wait = null) => new(Disposition.TryAgain, reason, wait);

    /// <summary>The service refuses the account of the server. The operator can mend that, so the delivery is tried again and the hook is not to blame.</summary>
    /// <param name="reason">Why the attempt failed.</param>
    public static Judgement AccountFault(string reason) => new(Disposition.TryAgain, reason) { IsAccountFault = true };

    /// <param name="reason">Why the receiver will never accept the delivery.</param>
    public static Judgement Refused(string reason) => new(Disposition.Refused, reason);

    /// <param name="reason">Why the attempt failed.</param>
    /// <param name="hookReason">Why the hook is gone.</param>
    public static Judgement HookGone(string reason, string hookReason) => new(Disposition.HookGone, reason, hookReason: hookReason);
}
