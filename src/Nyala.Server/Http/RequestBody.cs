using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;

namespace Nyala.Server.Http;

/// <summary>Reads the body of a request as JSON. The sender is not trusted. The web server limits the size of the body.</summary>
internal static class RequestBody
{
    private const int ChunkSize = 16 * 1024;

    /// <summary>The number of bytes beyond the limit that are read and discarded. If there are more, the connection is closed.</summary>
    private const int Excess = 8 * 1024 * 1024;

    /// <summary>The maximum length of the reader's message in characters. The message quotes an invalid number, however long it is.</summary>
    private const int MaxExplanation = 200;

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>Reads the body's bytes.</summary>
    /// <exception cref="BadHttpRequestException">413: the body is larger than the server accepts.</exception>
    public static async Task<byte[]> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // A body that is slightly too large is read to its end, because a sender that is cut off sees a broken connection and never the 413.
        IHttpMaxRequestBodySizeFeature size = request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>();
        long limit = size.MaxRequestBodySize ?? long.MaxValue - Excess;
        if (request.ContentLength is { } length && length <= limit)
        {
            return await ReadBytesAsync(request.Body, (int)length, cancellationToken);
        }

        size.MaxRequestBodySize = limit + Excess;
        using var buffer = new MemoryStream((int)Math.Min(request.ContentLength ?? 1024, 1 << 20));
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            long received = 0;
            int read;
            while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
            {
                received += read;
                if (received <= limit)
                {
                    buffer.Write(chunk, 0, read);
                }
            }

            return received > limit
                ? throw TooLarge(limit)
                : buffer.Length == buffer.Capacity ? buffer.GetBuffer() : buffer.ToArray();
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLarge(limit);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>Reads a body of a known length into an array of that length.</summary>
    private static async Task<byte[]> ReadBytesAsync(Stream body, int length, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[length];
        await body.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>Reads the body as a JSON object. Returns false, with the reason, if it is not one.</summary>
    public static bool TryReadObject(byte[] body, out JsonFields fields, out string reason)
    {
        fields = JsonFields.Empty;
        ReadOnlyMemory<byte> json = body.AsSpan().StartsWith(ByteOrderMark) ? body.AsMemory(ByteOrderMark.Length) : body;
        if (!IsText(json.Span, out reason))
        {
            return false;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return TryReadObject(document, out fields, out reason);
        }
        catch (JsonException error)
        {
            reason = Explain(error);
            return false;
        }
    }

    /// <summary>Whether the bytes are exactly one JSON value. If not, <paramref name="reason"/> says why.</summary>
    public static bool IsJson(ReadOnlySpan<byte> body, out string reason)
    {
        if (!IsText(body, out reason))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException error)
        {
            reason = Explain(error);
            return false;
        }
    }

    private static bool TryReadObject(JsonDocument document, out JsonFields fields, out string reason)
    {
        fields = JsonFields.Empty;
        reason = "";
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            reason = $"The body is a JSON {document.RootElement.ValueKind.ToString().ToLowerInvariant()}; it must be an object.";
            return false;
        }

        fields = new JsonFields(document.RootElement.Clone());
        return true;
    }

    private static BadHttpRequestException TooLarge(long limit) => new($"The body is larger than {limit} bytes, the limit for this request.", StatusCodes.Status413PayloadTooLarge);

    private static bool IsText(ReadOnlySpan<byte> body, out string reason)
    {
        reason = body.IsEmpty ? "The body is empty; it must be JSON."
            : !Utf8.IsValid(body) ? "The body is not valid UTF-8, which JSON requires."
            : "";
        return reason.Length == 0;
    }

    /// <summary>Returns the reader's message without the position, cut to a few words.</summary>
    public static string MessageOf(JsonException error)
    {
        // The reader's message repeats the position at its end.
        int end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string message = end < 0 ? error.Message : error.Message[..end];
        return message.Length > MaxExplanation ? message[..MaxExplanation] + "…" : message;
    }

    private static string Explain(JsonException error) =>
        $"The body is not JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}): {MessageOf(error)}";
}
