using System.Globalization;
using System.Net;

namespace Nyala.Server.Outbound;

/// <summary>Whose doing the end of an attempt was.</summary>
internal enum OutcomeKind
{
    /// <summary>The receiver answered, with whatever status.</summary>
    Answered,

    /// <summary>The receiver did not answer: unknown name, refused, silent, cut off, or its address is closed.</summary>
    Unanswered,

    /// <summary>The attempt failed here, before anything was sent: it does not spend the receiver's budget.</summary>
    OurFault,
}

/// <summary>How an attempt ended.</summary>
/// <param name="Status">The answer's status; null if none came.</param>
/// <param name="Reason">Why it was no success, in words; null if it was.</param>
/// <param name="RetryAfter">What the answer asked for; null if it did not.</param>
/// <param name="Answer">The beginning of the answer's body; null if it was empty.</param>
internal sealed record AttemptOutcome(
    OutcomeKind Kind,
    DateTimeOffset Started,
    TimeSpan Duration,
    int? Status = null,
    string? Reason = null,
    RetryAfter? RetryAfter = null,
    byte[]? Answer = null)
{
    /// <summary>Where the attempt's time went.</summary>
    public Timings Timings { get; init; }

    /// <summary>The request's headers as they were sent, a line each, secrets masked; null if it came to none.</summary>
    public string? RequestHeaders { get; init; }

    /// <summary>The beginning of the answer's headers, a line each; null if none came.</summary>
    public string? AnswerHeaders { get; init; }

    /// <summary>Whether it failed because the open connection that it used was dead, before a byte of an answer came.</summary>
    public bool DeadConnection { get; init; }

    public bool Succeeded => Status is >= 200 and <= 299;

    /// <summary>Kudu's <c>last_status</c>: the status' .NET name, its number if it has none, or <c>Failure</c>.</summary>
    public string StatusName => Status is { } status
        ? Enum.IsDefined((HttpStatusCode)status) ? ((HttpStatusCode)status).ToString() : status.ToString(CultureInfo.InvariantCulture)
        : "Failure";
}
