using System.Globalization;
using System.Net;
using System.Text;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Tests.Support;

/// <summary>Creates outcomes of attempts, for tests of decisions.</summary>
internal static class SomeOutcome
{
    private static readonly Timings Quick = new(null, null, TimeSpan.FromMilliseconds(3));

    /// <summary>Returns the outcome of an attempt that was answered, as Kudu's format judges it.</summary>
    /// <param name="started">When the attempt started. The answer is received at the same time.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="retryAfter">The seconds of the <c>Retry-After</c>; null for none.</param>
    public static AttemptOutcome Answered(DateTimeOffset started, int status, int? retryAfter = null) =>
        AttemptOutcome.Of(SendResult.Answered(started, Quick, Answer(started, status, retryAfter?.ToString(CultureInfo.InvariantCulture))), new KuduFormat());

    /// <summary>Returns the outcome of an attempt that was answered, and judged like this.</summary>
    public static AttemptOutcome Judged(DateTimeOffset started, Judgement judgement) =>
        AttemptOutcome.Of(SendResult.Answered(started, Quick, Answer(started, 200)), new FixedFormat(judgement));

    public static AttemptOutcome Unanswered(DateTimeOffset started, string reason = "x") =>
        AttemptOutcome.Of(SendResult.Failed(OutcomeKind.Unanswered, started, Quick, reason), new KuduFormat());

    public static AttemptOutcome OurFault(DateTimeOffset started) => AttemptOutcome.OurFault(started, "x");

    /// <summary>Returns an HTTP response.</summary>
    public static HttpAnswer Answer(DateTimeOffset received, int status, string? retryAfter = null, string? location = null, string? body = null)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        if (location is not null)
        {
            response.Headers.TryAddWithoutValidation("Location", location);
        }

        return new HttpAnswer(response, string.IsNullOrEmpty(body) ? null : Encoding.UTF8.GetBytes(body), received);
    }

    private sealed class FixedFormat(Judgement judgement) : IFormat
    {
        public FormatFacts Facts { get; } = new("tests", "tests");

        public Rendered Render(EventContent @event, FormatSettings settings) => Rendered.AsIs(@event);

        public Judgement Judge(Nyala.Server.Outbound.Formats.Answer answer) => judgement;
    }
}
