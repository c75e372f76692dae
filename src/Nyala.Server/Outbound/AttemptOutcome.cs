using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Server.Outbound;

/// <summary>Which side determined the outcome of an attempt.</summary>
internal enum OutcomeKind
{
    /// <summary>The receiver answered. The format of the hook has judged the answer.</summary>
    Answered,

    /// <summary>The receiver did not answer: its name is unknown, it refused or cut the connection, it stayed silent, or its address is blocked.</summary>
    Unanswered,

    /// <summary>
    /// The attempt failed on this server before anything was sent, or the service refused the server's account. It does not count against the retry schedule.
    /// </summary>
    OurFault,

    /// <summary>The format could not write the event, so nothing was sent. It says nothing about the receiver.</summary>
    NotRendered,
}

/// <summary>The outcome of an attempt.</summary>
internal sealed record AttemptOutcome
{
    /// <summary>The status of an attempt without an answer.</summary>
    public const string Unanswered = "Failure";

    private AttemptOutcome(OutcomeKind kind, DateTimeOffset started) => (Kind, Started) = (kind, started);

    public OutcomeKind Kind { get; }

    public DateTimeOffset Started { get; }

    /// <summary>What the outcome means for the delivery. An attempt without an answer is tried again.</summary>
    public Disposition Disposition { get; private init; }

    /// <summary>Why the attempt failed, in words; null if it succeeded.</summary>
    public string? Reason { get; private init; }

    /// <summary>How long the receiver asked to wait; null if it did not ask.</summary>
    public TimeSpan? RequestedWait { get; private init; }

    /// <summary>Why the hook is gone; null unless the disposition says so.</summary>
    public string? HookReason { get; private init; }

    /// <summary>What the receiver answered; null if it did not.</summary>
    public Answer? Answer { get; private init; }

    /// <summary>The durations of the attempt's phases.</summary>
    public Timings Timings { get; private init; }

    /// <summary>The request headers as sent, one per line, with secrets masked; null if the request was not composed.</summary>
    public string? RequestHeaders { get; private init; }

    public TimeSpan Duration => Timings.Total;

    public bool Succeeded => Disposition == Disposition.Accepted;

    /// <summary>The number of the status, for people; null if there was no answer. What follows is decided by <see cref="Disposition"/>.</summary>
    public int? Status => Answer?.Status;

    /// <summary>Kudu's <c>last_status</c>: the name of the status, or <c>Failure</c>.</summary>
    public string StatusName => Answer?.StatusName ?? Unanswered;

    /// <summary>Returns the outcome of an attempt that was sent, or failed to be. The format judges the answer.</summary>
    public static AttemptOutcome Of(in SendResult sent, IFormat format)
    {
        Judgement judgement = sent.Answer is { } answer ? format.Judge(answer) : Judgement.TryAgain(sent.Failure!);
        return new AttemptOutcome(judgement.IsAccountFault ? OutcomeKind.OurFault : sent.Kind, sent.Started)
        {
            Disposition = judgement.Disposition,
            Reason = judgement.Reason,
            RequestedWait = judgement.Wait,
            HookReason = judgement.HookReason,
            Answer = sent.Answer,
            Timings = sent.Timings,
            RequestHeaders = sent.RequestHeaders,
        };
    }

    /// <summary>Returns the outcome for an event that the format cannot write. The delivery fails without a retry, which would end in the same way.</summary>
    public static AttemptOutcome NotRendered(DateTimeOffset started, string reason) =>
        new(OutcomeKind.NotRendered, started) { Disposition = Disposition.Refused, Reason = reason };

    /// <summary>Returns the outcome of an attempt that this server failed to make.</summary>
    public static AttemptOutcome OurFault(DateTimeOffset started, string reason) => new(OutcomeKind.OurFault, started) { Reason = reason };
}
