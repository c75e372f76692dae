using System.Text;
using System.Text.Json;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// What the response of a message service means. 2xx accepts the message, unless the body reports an error. A response that says that the message itself cannot
/// be read refuses it; an identical second attempt would fail too. 410, and the service's own words for a removed destination, end the hook. Everything else is
/// retried. Pure.
/// </summary>
internal static class ServiceRule
{
    private const int MaxSaid = 300;

    /// <summary>The statuses with which a service refuses the message itself.</summary>
    public const string Refusals = "400, 413, 415 and 422";

    /// <param name="service">The name of the service.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="error">The error that the body reports; null if it reports none.</param>
    /// <param name="ends">The errors that mean that the destination no longer exists.</param>
    /// <param name="wait">How long the body asks to wait; null if it does not ask.</param>
    public static Judgement Judge(string service, Answer answer, string? error, IReadOnlyCollection<string> ends, TimeSpan? wait = null)
    {
        string reason = Reason(answer, error);
        if (answer.Status == 410 || (error is not null && ends.Contains(error, StringComparer.OrdinalIgnoreCase)))
        {
            return Judgement.HookGone(reason, $"{service} responded that the destination no longer exists ({(error is null || answer.Status == 410 ? "410" : error)}).");
        }

        return answer.Status switch
        {
            >= 200 and <= 299 => error is null ? Judgement.Accepted : Judgement.TryAgain(reason, answer.RetryAfter ?? wait),
            400 or 413 or 415 or 422 => Judgement.Refused(reason),
            _ => Judgement.TryAgain(reason, answer.RetryAfter ?? wait),
        };
    }

    /// <summary>Returns the body as a JSON object; the default value if it is none.</summary>
    public static JsonElement Object(Answer answer)
    {
        try
        {
            return answer.Body is { } body && JsonElement.Parse(body) is { ValueKind: JsonValueKind.Object } value ? value : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    /// <summary>Returns a field of a JSON object; the default value if the value is no object, or has no such field.</summary>
    public static JsonElement Field(JsonElement value, string name)
    {
        try
        {
            return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement field) ? field : default;
        }
        catch (InvalidOperationException)
        {
            // The name of another field is valid JSON, but not valid text.
            return default;
        }
    }

    /// <summary>Returns a field of a JSON object as text; null if it has no such text or number.</summary>
    public static string? Text(JsonElement value, string name)
    {
        JsonElement field = Field(value, name);
        try
        {
            return field.ValueKind == JsonValueKind.String ? field.GetString() : field.ValueKind == JsonValueKind.Number ? field.GetRawText() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Returns the seconds in a field as a time; null if it has none.</summary>
    public static TimeSpan? Seconds(JsonElement value, string name) =>
        Field(value, name) is { ValueKind: JsonValueKind.Number } field && field.TryGetDouble(out double seconds) && seconds is > 0 and < 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>Returns the body as one line of text; empty if it has none.</summary>
    public static string Said(Answer answer) => MessageText.Line(answer.Body is { } body ? Encoding.UTF8.GetString(body) : "", MaxSaid);

    private static string Reason(Answer answer, string? error)
    {
        string said = error is null ? Said(answer) : MessageText.Line(error, MaxSaid);
        return said.Length == 0 ? answer.Description : $"{answer.Description} It said: {said}";
    }
}
