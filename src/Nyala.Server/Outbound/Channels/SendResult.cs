using Nyala.Server.Outbound.Formats;

namespace Nyala.Server.Outbound.Channels;

/// <summary>How the sending of an attempt ended: with an answer, or with the reason why there is none.</summary>
internal readonly record struct SendResult
{
    private SendResult(OutcomeKind kind, DateTimeOffset started, Timings timings, Answer? answer, string? failure) =>
        (Kind, Started, Timings, Answer, Failure) = (kind, started, timings, answer, failure);

    public OutcomeKind Kind { get; }

    public DateTimeOffset Started { get; }

    public Timings Timings { get; }

    /// <summary>What the receiver answered; null if it did not.</summary>
    public Answer? Answer { get; }

    /// <summary>Why there is no answer; null if there is one.</summary>
    public string? Failure { get; }

    /// <summary>The request headers as sent, one per line, with secrets masked; null if nothing was composed or the channel has none.</summary>
    public string? RequestHeaders { get; init; }

    public static SendResult Answered(DateTimeOffset started, Timings timings, Answer answer) => new(OutcomeKind.Answered, started, timings, answer, null);

    /// <param name="kind">Whose fault it is.</param>
    /// <param name="started">When the attempt started.</param>
    /// <param name="timings">The durations of its phases.</param>
    /// <param name="failure">Why there is no answer, in words.</param>
    public static SendResult Failed(OutcomeKind kind, DateTimeOffset started, Timings timings, string failure) => new(kind, started, timings, null, failure);
}
