using System.Globalization;
using System.Net.Http.Headers;

namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>The <c>Retry-After</c> of a response (RFC 9110): a delay or a date.</summary>
internal readonly record struct RetryAfter(TimeSpan? Delay, DateTimeOffset? Date)
{
    /// <summary>Parses the header's value; null if it is absent or invalid.</summary>
    public static RetryAfter? Parse(string? value)
    {
        if (value is null)
        {
            return null;
        }

        if (value.Length <= 9 && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
        {
            return new RetryAfter(TimeSpan.FromSeconds(seconds), null);
        }

        return RetryConditionHeaderValue.TryParse(value, out RetryConditionHeaderValue? parsed) && parsed.Date is { } date
            ? new RetryAfter(null, date)
            : null;
    }

    /// <summary>Returns how long to wait from <paramref name="now"/>; zero if the date has passed.</summary>
    public TimeSpan From(DateTimeOffset now)
    {
        TimeSpan wait = Delay ?? (Date - now) ?? TimeSpan.Zero;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
