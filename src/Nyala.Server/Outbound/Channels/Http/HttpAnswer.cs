using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>The response of a receiver.</summary>
internal sealed class HttpAnswer : Answer
{
    // A reason is stored with every attempt, and the receiver determines the length of these texts.
    private const int MaxTarget = 1024;
    private const int MaxPhrase = 256;

    private readonly string _phrase;
    private string? _description;

    /// <param name="response">The response, whose headers were received.</param>
    /// <param name="body">The beginning of its body; null if it was empty.</param>
    /// <param name="now">When it was received, for a <c>Retry-After</c> that is a date.</param>
    public HttpAnswer(HttpResponseMessage response, byte[]? body, DateTimeOffset now)
        : base((int)response.StatusCode, body, SentHeaders.OfAnswer(response), RetryAfterOf(response)?.From(now))
    {
        _phrase = response.ReasonPhrase ?? "";
        if (!response.IsSuccessStatusCode || _phrase.Length > MaxPhrase)
        {
            // A success is rarely described, and most answers are one. The outcome may be held for a while, so it keeps no long text of the receiver.
            _description = Describe(Status, _phrase, Header(response, "Location"));
            _phrase = "";
        }
    }

    public override string StatusName =>
        Enum.IsDefined((HttpStatusCode)Status) ? ((HttpStatusCode)Status).ToString() : Status.ToString(CultureInfo.InvariantCulture);

    public override string StatusClass => Status switch
    {
        >= 200 and <= 299 => "2xx",
        >= 300 and <= 399 => "3xx",
        >= 400 and <= 499 => "4xx",
        >= 500 and <= 599 => "5xx",
        _ => "other",
    };

    public override string Description => _description ??= Describe(Status, _phrase, location: null);

    public override void Tag(Activity span) => span.SetTag("http.response.status_code", Status);

    private static string Describe(int status, string phrase, string? location) => status is >= 300 and <= 399 && location is not null
        ? $"The receiver responded with {status} and a redirect to {Words(location, MaxTarget)}. Redirects are not followed."
        : $"The receiver responded with {status} {Words(phrase, MaxPhrase)}".TrimEnd() + ".";

    private static string Words(string received, int most) =>
        ReceivedText.Readable(received) is var text && text.Length > most ? text[..most] + "…" : text;

    private static RetryAfter? RetryAfterOf(HttpResponseMessage response) => Http.RetryAfter.Parse(Header(response, "Retry-After"));

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
}
