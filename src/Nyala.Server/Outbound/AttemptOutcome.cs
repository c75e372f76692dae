using System.Globalization;
using System.Net;
using Nyala.Server.Outbound.Channels.Http;

namespace Nyala.Server.Outbound;

/// <summary>Which side determined the outcome of an attempt.</summary>
internal enum OutcomeKind
{
    /// <summary>The receiver responded, with any status.</summary>
    Answered,

    /// <summary>The receiver did not respond: its name is unknown, it refused or cut the connection, it stayed silent, or its address is blocked.</summary>
    Unanswered,

    /// <summary>The attempt failed on this server before anything was sent. It does not count against the retry schedule.</summary>
    OurFault,
}

/// <summary>The outcome of an attempt.</summary>
/// <param name="Status">The status of the response; null if there was no response.</param>
/// <param name="Reason">Why the attempt failed, in words; null if it succeeded.</param>
/// <param name="RetryAfter">The <c>Retry-After</c> of the response; null if it had none.</param>
/// <param name="Answer">The beginning of the response body; null if it was empty.</param>
internal sealed record AttemptOutcome(
    OutcomeKind Kind,
    DateTimeOffset Started,
    TimeSpan Duration,
    int? Status = null,
    string? Reason = null,
    RetryAfter? RetryAfter = null,
    byte[]? Answer = null)
{
    /// <summary>The durations of the attempt's phases.</summary>
    public Timings Timings { get; init; }

    /// <summary>The request headers as sent, one per line, with secrets masked; null if the request was not composed.</summary>
    public string? RequestHeaders { get; init; }

    /// <summary>The beginning of the response headers, one per line; null if there was no response.</summary>
    public string? AnswerHeaders { get; init; }

    /// <summary>Whether the attempt failed because the reused connection was dead, before any byte of a response was received.</summary>
    public bool DeadConnection { get; init; }

    public bool Succeeded => Status is >= 200 and <= 299;

    /// <summary>Kudu's <c>last_status</c>: the .NET name of the status, its number if it has no name, or <c>Failure</c>.</summary>
    public string StatusName => Status is { } status
        ? Enum.IsDefined((HttpStatusCode)status) ? ((HttpStatusCode)status).ToString() : status.ToString(CultureInfo.InvariantCulture)
        : "Failure";
}
