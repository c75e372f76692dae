using System.Net;
using System.Text.Json;
using Nyala.Cli.Connection;
using Nyala.Client;

namespace Nyala.Cli.Spool;

/// <summary>What became of a report that was sent.</summary>
internal enum SendOutcome
{
    /// <summary>The server has it.</summary>
    Taken,

    /// <summary>The server will never take it: it is set aside.</summary>
    Refused,

    /// <summary>The token does not open this; it is kept, and other deployments are tried.</summary>
    Forbidden,

    /// <summary>The server failed at this one: it is kept, and other deployments are tried.</summary>
    Failed,

    /// <summary>No token was accepted at all: everything is kept.</summary>
    LockedOut,

    /// <summary>The server is not there, overloaded or silent: everything is kept.</summary>
    Down,
}

/// <summary>The outcome with its reason, one line without a full stop.</summary>
internal sealed record SendVerdict(SendOutcome Outcome, string Reason = "")
{
    public static readonly SendVerdict Taken = new(SendOutcome.Taken);

    /// <summary>The site that the report has made; null if it was there.</summary>
    public string? NewSite { get; init; }

    /// <summary>Decides what a failed call means for the report; null if the error is a bug and no answer.</summary>
    public static SendVerdict? Of(Exception error) => error switch
    {
        NyalaException refused => new SendVerdict(Of(refused.Status), RefusalText.InVerbs(refused.Message).TrimEnd('.')),
        HttpRequestException or IOException => new SendVerdict(SendOutcome.Down, ServerFailure.Innermost(error)),
        OperationCanceledException => new SendVerdict(SendOutcome.Down, "no answer in time"),

        // A 2xx that is not Nyala's comes from something else at that address, a captive portal say: nothing was taken.
        JsonException => new SendVerdict(SendOutcome.Down, "the response is not from a Nyala server"),
        _ => null,
    };

    private static SendOutcome Of(HttpStatusCode status) => (int)status switch
    {
        401 => SendOutcome.LockedOut,
        403 => SendOutcome.Forbidden,
        408 or 429 => SendOutcome.Down,
        >= 400 and < 500 => SendOutcome.Refused,
        502 or 503 or 504 => SendOutcome.Down,
        >= 500 => SendOutcome.Failed,

        // A redirect, which is never followed: another server stands there.
        _ => SendOutcome.Down,
    };
}
