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
/// <param name="Status">The answer's status; null where none came.</param>
/// <param name="Reason">Why it was no success, in words; null where it was.</param>
/// <param name="RetryAfter">What the answer asked for; null where it did not.</param>
/// <param name="Answer">The beginning of the answer's body; null where it was empty.</param>
internal sealed record AttemptOutcome(
    OutcomeKind Kind,
    DateTimeOffset Started,
    TimeSpan Duration,
    int? Status = null,
    string? Reason = null,
    RetryAfter? RetryAfter = null,
    byte[]? Answer = null)
{
    public bool Succeeded => Status is >= 200 and <= 299;

    /// <summary>Kudu's <c>last_status</c>: the status' .NET name, its number where it has none, or <c>Failure</c>.</summary>
    public string StatusName => Status is { } status
        ? Enum.IsDefined((HttpStatusCode)status) ? ((HttpStatusCode)status).ToString() : status.ToString(CultureInfo.InvariantCulture)
        : "Failure";
}
