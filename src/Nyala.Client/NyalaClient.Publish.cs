using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    private static readonly JsonWriterOptions LineOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Publishes an event of any type. It is durable once this returns.</summary>
    /// <param name="type">The type of the event; hooks match it case-insensitively.</param>
    /// <param name="body">JSON of at most 1 MiB; receivers get it byte for byte.</param>
    /// <param name="wait">True to wait until every first attempt has ended, at most 10 seconds.</param>
    /// <param name="idempotencyKey">
    /// A key of 1 to 255 visible ASCII characters; null for none. Within 24 hours, a site accepts only one event with the same key.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait for the response; the event may have been accepted.</param>
    public async Task<PublishedEvent> PublishAsync(
        string type, ReadOnlyMemory<byte> body, bool wait = true, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Post, $"hooks/publish/{Uri.EscapeDataString(type)}", content, cancellationToken, respondAsync: !wait, idempotencyKey).ConfigureAwait(false);
        return new PublishedEvent
        {
            Id = response.Headers.TryGetValues("Nyala-Event-Id", out IEnumerable<string>? ids) ? ids.First() : "",
            Replayed = response.Headers.Contains("Idempotency-Replayed"),
        };
    }

    /// <summary>
    /// Publishes at most 1,000 events, at most 8 MiB together, with one request. They are durable once this returns. If the server refuses any of them, it
    /// stores none: the exception's <see cref="NyalaException.Lines"/> names the refused ones. It also refuses several events with more than 50,000 deliveries
    /// together, with 413 and without <see cref="NyalaException.Lines"/>. Then send fewer events at a time.
    /// </summary>
    /// <param name="events">The events. The first one is line 1.</param>
    /// <param name="wait">True to wait until every first attempt has ended, at most 10 seconds.</param>
    /// <param name="cancellationToken">Cancels the wait for the response; the events may have been accepted.</param>
    /// <returns>A result for each event, in the same order.</returns>
    /// <exception cref="JsonException">A body is not JSON.</exception>
    public async Task<IReadOnlyList<PublishedLine>> PublishManyAsync(
        IEnumerable<EventToPublish> events, bool wait = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ReadOnlyMemory<byte> lines = Lines(events);
        return lines.IsEmpty ? [] : await PublishManyAsync(lines, wait, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Publishes at most 1,000 events, as the other overload does.</summary>
    /// <param name="lines">
    /// NDJSON of at most 8 MiB: on each line an object with the fields <c>event</c> (the type), <c>body</c> (any JSON), and optionally <c>key</c> (an
    /// idempotency key). Receivers get the body byte for byte.
    /// </param>
    /// <param name="wait">True to wait until every first attempt has ended, at most 10 seconds.</param>
    /// <param name="cancellationToken">Cancels the wait for the response; the events may have been accepted.</param>
    /// <returns>A result for each line that is not blank, in the same order.</returns>
    public Task<IReadOnlyList<PublishedLine>> PublishManyAsync(ReadOnlyMemory<byte> lines, bool wait = true, CancellationToken cancellationToken = default)
    {
        var content = new ReadOnlyMemoryContent(lines);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson", "utf-8");
        return ReadAsync(HttpMethod.Post, "hooks/publish", content, NyalaJson.Wire.IReadOnlyListPublishedLine, cancellationToken, respondAsync: !wait);
    }

    private static ReadOnlyMemory<byte> Lines(IEnumerable<EventToPublish> events)
    {
        using var lines = new MemoryStream();
        using var json = new Utf8JsonWriter(lines, LineOptions);
        foreach (EventToPublish one in events)
        {
            int start = (int)lines.Length;
            json.WriteStartObject();
            json.WriteString("event", one.Type);
            if (one.Key is not null)
            {
                json.WriteString("key", one.Key);
            }

            json.WritePropertyName("body");
            json.WriteRawValue(one.Body.Span);
            json.WriteEndObject();
            json.Flush();
            json.Reset();

            // A line feed would end the line.
            lines.GetBuffer().AsSpan(start, (int)lines.Length - start).Replace((byte)'\n', (byte)' ');
            lines.WriteByte((byte)'\n');
        }

        return lines.GetBuffer().AsMemory(0, (int)lines.Length);
    }
}
