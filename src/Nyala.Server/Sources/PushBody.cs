using System.Net;
using Nyala.Server.Http;

namespace Nyala.Server.Sources;

/// <summary>Reads the JSON of a request: the body itself, or the form field <c>payload</c>, as GitHub and Kudu's older callers send it.</summary>
internal static class PushBody
{
    private static ReadOnlySpan<byte> Field => "payload="u8;

    /// <summary>Reads the body as a JSON object. Returns false, with the reason, if it is not one.</summary>
    public static bool TryRead(byte[] body, string? contentType, out JsonFields fields, out string reason)
    {
        bool isForm = contentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true && !LooksLikeJson(body);
        if (!isForm && !body.AsSpan().StartsWith(Field))
        {
            return RequestBody.TryReadObject(body, out fields, out reason);
        }

        foreach (Range part in body.AsSpan().Split((byte)'&'))
        {
            ReadOnlySpan<byte> field = body.AsSpan()[part];
            if (field.StartsWith(Field))
            {
                return RequestBody.TryReadObject(WebUtility.UrlDecodeToBytes(field[Field.Length..].ToArray(), 0, field.Length - Field.Length), out fields, out reason);
            }
        }

        fields = JsonFields.Empty;
        reason = "The form has no field 'payload'.";
        return false;
    }

    /// <summary>Whether the body looks like JSON. <c>curl -d</c> sends every body with the content type of a form.</summary>
    private static bool LooksLikeJson(byte[] body) => body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];
}
