using System.Text.Json;
using Nyala.Client;

namespace Nyala.Server.Events;

/// <summary>The facts of an event that a filter can test. A fact that the event does not state is null.</summary>
internal sealed record EventFacts(string Site, DeploymentStatus? Status = null, string? Branch = null, string? Author = null, StatusChange? Change = null)
{
    /// <summary>Reads the facts from a published body, if it has the form of Kudu's payload. A body cannot state a change.</summary>
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
            // An escaped lone surrogate is valid JSON, but not valid text. Such a body states no facts, and is still sent unchanged.
            return new EventFacts(site);
        }
    }

    /// <summary>Returns the text, or null if it is empty.</summary>
    public static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
