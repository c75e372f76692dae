using System.Text.Json;
using System.Text.Unicode;

namespace Nyala.Server.Http;

/// <summary>Reads a request's body as JSON from a hostile sender. The server caps its size before it gets here.</summary>
internal static class RequestBody
{
    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>Reads the body's bytes.</summary>
    public static async Task<byte[]> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream((int)Math.Min(request.ContentLength ?? 1024, 1 << 20));
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.Length == buffer.Capacity ? buffer.GetBuffer() : buffer.ToArray();
    }

    /// <summary>Reads the body as a JSON object; false where it is none, with the reason.</summary>
    public static bool TryReadObject(byte[] body, out JsonFields fields, out string reason)
    {
        fields = JsonFields.Empty;
        ReadOnlyMemory<byte> json = body.AsSpan().StartsWith(ByteOrderMark) ? body.AsMemory(ByteOrderMark.Length) : body;
        if (!IsJson(json.Span, out reason))
        {
            return false;
        }

        using JsonDocument document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            reason = $"The body is a JSON {document.RootElement.ValueKind.ToString().ToLowerInvariant()}; it must be an object.";
            return false;
        }

        fields = new JsonFields(document.RootElement.Clone());
        return true;
    }

    /// <summary>Whether the bytes are one whole JSON value; where not, the reason.</summary>
    public static bool IsJson(ReadOnlySpan<byte> body, out string reason)
    {
        reason = "";
        if (body.IsEmpty)
        {
            reason = "The body is empty; it must be JSON.";
            return false;
        }

        if (!Utf8.IsValid(body))
        {
            reason = "The body is not UTF-8; JSON is sent as UTF-8.";
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
            reason = $"The body is not JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}): {Shorten(error.Message)}";
            return false;
        }
    }

    // The reader's message ends with the position again.
    private static string Shorten(string message)
    {
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
