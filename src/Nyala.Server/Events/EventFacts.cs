using System.Text.Json;
using Nyala.Client;

namespace Nyala.Server.Events;

/// <summary>What a filter sees of an event. Null is what the event does not tell.</summary>
internal sealed record EventFacts(string Site, DeploymentStatus? Status = null, string? Branch = null, string? Author = null, StatusChange? Change = null)
{
    /// <summary>Reads what a published body tells, if it has the form of Kudu's. It cannot tell a change.</summary>
    public static EventFacts OfBody(string site, ReadOnlySpan<byte> body)
    {
        var facts = new EventFacts(site);
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return facts;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool status = reader.ValueTextEquals("status"u8);
                bool branch = reader.ValueTextEquals("branch"u8);
                bool author = reader.ValueTextEquals("author"u8);
                reader.Read();
                string? text = (status || branch || author) && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                facts = status ? facts with { Status = FilterValues.Status(text) }
                    : branch ? facts with { Branch = Filled(text) }
                    : author ? facts with { Author = Filled(text) }
                    : facts;
                reader.Skip();
            }

            return facts;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // A lone surrogate in an escape is valid JSON and no text: the body tells nothing, and is sent on as it is.
            return new EventFacts(site);
        }
    }

    /// <summary>An empty text tells nothing.</summary>
    public static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
