using System.Globalization;
using Nyala.Client.Json;
using Nyala.Server.Delivery;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.History;

/// <summary>Reads the fields of a history search, and collects their errors.</summary>
internal sealed class HistoryQuery(DateTimeOffset now)
{
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> Errors => _errors;

    public long? Id(string name, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id))
        {
            return id;
        }

        string hint = name == "event" ? " To search by event type, use 'type'." : "";
        Refuse(name, $"'{name}' must be an id, in decimal digits.{hint}");
        return null;
    }

    /// <summary>Reads a state. Returns null if the field is not set, or if it is not valid, which also adds an error.</summary>
    public DeliveryState? State(string? text, params IReadOnlyList<DeliveryState> allowed)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        foreach (DeliveryState state in allowed)
        {
            if (DeliveryView.Word(state).Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return state;
            }
        }

        Refuse("state", $"'state' must be {string.Join(", ", allowed.Take(allowed.Count - 1).Select(DeliveryView.Word))} or {DeliveryView.Word(allowed[^1])}.");
        return null;
    }

    /// <summary>Reads a period. Each end is a point in time, or how long ago it was.</summary>
    public Period Period(string? since, string? until)
    {
        var period = new Period(Time("since", since), Time("until", until));
        if (period.Since >= period.Until)
        {
            Refuse("until", "'until' must be later than 'since'.");
        }

        return period;
    }

    public Paging Page(string? limit, string? before)
    {
        if (!Paging.TryRead(limit, before, out Paging page, out string refusal))
        {
            Refuse(Paging.TryRead(limit, null, out _, out _) ? "before" : "limit", refusal);
        }

        return page;
    }

    public void Refuse(string field, string text) => _errors.Add(new FieldError(field, text));

    private DateTimeOffset? Time(string name, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        // A text with a colon is a time of day, not a duration in .NET's format.
        if (!text.Contains(':', StringComparison.Ordinal) && Duration.TryParse(text, out TimeSpan ago) && ago <= now - DateTimeOffset.MinValue)
        {
            return now - ago;
        }

        if (KuduTime.TryParse(text, out DateTimeOffset time))
        {
            return time;
        }

        Refuse(name, $"'{name}' must be an ISO 8601 time, for example 2026-02-27T17:45:06Z, or a duration before now, such as 90m, 2h or 7d.");
        return null;
    }
}
