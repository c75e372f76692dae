using System.Globalization;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Values;

namespace Nyala.Server.Outbound.Templates;

/// <summary>The filter <c>date</c>. It knows no time but that of the event, and no time zone but UTC, so that every attempt has the same result.</summary>
internal static partial class DateFilter
{
    private const int MaxFormat = 256;

    // A time without a date would be read as one of today.
    private static readonly string[] Times =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss K", "yyyy-MM-dd HH:mm", "yyyy-MM-dd", "r"];

    /// <param name="input">A time in ISO 8601, seconds since 1970, or <c>now</c>, which is the time of the event. Everything else is returned as it is.</param>
    /// <param name="arguments">The format. Without one, the result is in ISO 8601.</param>
    /// <param name="context">The rendering.</param>
    /// <param name="filter">Fluid's filter, which formats the time.</param>
    public static ValueTask<FluidValue> Apply(FluidValue input, FilterArguments arguments, RenderContext context, FilterDelegate filter)
    {
        if (Read(input, context) is not { } time)
        {
            return ValueTask.FromResult(input);
        }

        if (arguments.Count == 0)
        {
            return ValueTask.FromResult<FluidValue>(new StringValue(Iso(time)));
        }

        string format = arguments.At(0).ToStringValue();
        return format.Length > MaxFormat || WideField().IsMatch(format)
            ? throw new TemplateStoppedException(string.Create(CultureInfo.InvariantCulture, $"it uses 'date' with a format of more than {MaxFormat} characters, or with a width of more than two digits"))
            : filter(new DateTimeValue(time), arguments, context);
    }

    /// <summary>Returns a time as templates see it.</summary>
    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Read(FluidValue input, RenderContext context)
    {
        string text = input is StringValue or NumberValue ? input.ToStringValue() : "";
        return text is "now" or "today" ? context.Now()
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds) ? OfUnix(seconds)
            : DateTimeOffset.TryParseExact(
                text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time) ? time
            : null;
    }

    private static DateTimeOffset? OfUnix(long seconds) =>
        seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    [GeneratedRegex("%[^a-zA-Z%]*[0-9]{3}", RegexOptions.NonBacktracking)]
    private static partial Regex WideField();
}
