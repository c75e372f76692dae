using System.Globalization;
using System.Text.Json;

namespace Nyala.Server.Outbound.Templates;

/// <summary>Decides whether a rendered body is JSON. Pure.</summary>
internal static class JsonCheck
{
    /// <summary>Returns why and where a body is not valid JSON, as the end of a sentence; null if it is valid.</summary>
    public static string? Error(ReadOnlySpan<byte> body)
    {
        if (body.Trim(" \t\r\n"u8).IsEmpty)
        {
            return "the body is empty, which is not valid JSON";
        }

        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException error)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"the body is not valid JSON at line {1 + (error.LineNumber ?? 0)}, byte {1 + (error.BytePositionInLine ?? 0)}: {error.Message.Split(" LineNumber:")[0].TrimEnd('.')}");
        }
    }
}
