using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Nyala.Server.Http;

/// <summary>
/// A JSON array whose entries are written as they are read, so that only a small part of the list is in memory. A failure after the response has started aborts
/// the connection, so that an incomplete list never looks complete.
/// </summary>
internal sealed class JsonStream<T>(IAsyncEnumerable<T> entries, JsonTypeInfo<T> type) : IResult
{
    private const int FlushAt = 64 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        CancellationToken gone = httpContext.RequestAborted;
        HttpResponse response = httpContext.Response;
        await using IAsyncEnumerator<T> rest = entries.GetAsyncEnumerator(gone);

        // The first entry is read before the response starts, so that a failure can still set the status.
        bool another = await rest.MoveNextAsync();
        response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = type.Options.Encoder });
        json.WriteStartArray();
        long flushed = 0;
        while (another)
        {
            JsonSerializer.Serialize(json, rest.Current, type);
            if (json.BytesCommitted + json.BytesPending - flushed > FlushAt)
            {
                json.Flush();
                flushed = json.BytesCommitted;
                await response.BodyWriter.FlushAsync(gone);
            }

            another = await rest.MoveNextAsync();
        }

        json.WriteEndArray();
        json.Flush();
        await response.BodyWriter.FlushAsync(gone);
    }
}
