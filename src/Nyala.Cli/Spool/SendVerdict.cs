using System.Net;
using System.Text.Json;
using Nyala.Cli.Connection;
using Nyala.Client;

namespace Nyala.Cli.Spool;

/// <summary>The outcome of sending a report.</summary>
internal enum SendOutcome
{
    /// <summary>The server accepted the report.</summary>
    Accepted,

    /// <summary>The server will never accept the report. It is set aside.</summary>
    Refused,

    /// <summary>The token does not permit this report. It is kept, and other deployments are tried.</summary>
    Forbidden,

    /// <summary>The server failed to process this report. It is kept, and other deployments are tried.</summary>
    Failed,

    /// <summary>The server requires a token, or does not accept this one. All reports are kept.</summary>
    Unauthorized,

    /// <summary>The server cannot be reached, is overloaded, or does not respond. All reports are kept.</summary>
    Down,
}

/// <summary>The outcome of sending a report, and its reason: one line without a full stop.</summary>
internal sealed record SendVerdict(SendOutcome Outcome, string Reason = "")
{
    public static readonly SendVerdict Accepted = new(SendOutcome.Accepted);

    /// <summary>The site that the report created; null if the site already existed.</summary>
    public string? NewSite { get; init; }

    /// <summary>Decides what a failed call means for the report; returns null if the error is a bug.</summary>
    public static SendVerdict? Of(Exception error) => error switch
    {
        NyalaException refused => new SendVerdict(Of(refused.Status), RefusalText.WithVerbs(refused.Message).TrimEnd('.')),
        HttpRequestException or IOException => new SendVerdict(SendOutcome.Down, ServerFailure.Innermost(error)),
        OperationCanceledException => new SendVerdict(SendOutcome.Down, "no answer in time"),

        // A 2xx response that is not Nyala's comes from another program at that address, such as a captive portal. The report was not accepted.
        JsonException => new SendVerdict(SendOutcome.Down, "the response is not from a Nyala server"),
        _ => null,
    };

    private static SendOutcome Of(HttpStatusCode status) => (int)status switch
    {
        401 => SendOutcome.Unauthorized,
        403 => SendOutcome.Forbidden,
        408 or 429 => SendOutcome.Down,
        >= 400 and < 500 => SendOutcome.Refused,
        502 or 503 or 504 => SendOutcome.Down,
        >= 500 => SendOutcome.Failed,

        // A redirect comes from another server, and is never followed.
        _ => SendOutcome.Down,
    };
}
