using System.Text.Json;
using System.Text.Unicode;

namespace Nyala.Server.Outbound.Formats;

/// <summary>Reads the bodies of events, which may be any bytes.</summary>
internal static class Utf8Json
{
    /// <summary>Whether bytes are one JSON value in UTF-8.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            return false;
        }

        var reader = new Utf8JsonReader(bytes);
        try
        {
            while (reader.Read())
            {
            }

            return !bytes.IsEmpty;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Returns the bytes as a JSON object; the default value if they are none.</summary>
    public static JsonElement Object(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.IsValid(bytes) && JsonElement.Parse(bytes) is { ValueKind: JsonValueKind.Object } value ? value : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
