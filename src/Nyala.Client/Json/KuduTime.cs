using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nyala.Client.Json;

/// <summary>Kudu's format of a time in JSON: ISO 8601 in UTC, with seven fraction digits and <c>Z</c>.</summary>
public static class KuduTime
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>Formats <paramref name="time"/> as Kudu does.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>Parses an ISO 8601 time. A time without an offset is UTC. Returns false if the text is not a time.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        bool read = DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
        return read;
    }

    internal static DateTimeOffset Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out DateTimeOffset time)
            ? time
            : throw new JsonException("A time must be an ISO 8601 string, for example 2026-02-27T17:45:06Z.");
}

internal sealed class KuduTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        KuduTime.Read(ref reader);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(KuduTime.Format(value));
}

internal sealed class KuduNullableTimeConverter : JsonConverter<DateTimeOffset?>
{
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : KuduTime.Read(ref reader);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } time)
        {
            writer.WriteStringValue(KuduTime.Format(time));
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}

/// <summary>Writes null as a time in the year 1, because Kudu's .NET client cannot read a <c>last_datetime</c> that is null.</summary>
internal sealed class KuduLastTimeConverter : JsonConverter<DateTimeOffset?>
{
    private const string Never = "0001-01-01T00:00:00";

    public override bool HandleNull => true;

    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null || (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(Never)))
        {
            return null;
        }

        return KuduTime.Read(ref reader);
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value is { } time ? KuduTime.Format(time) : Never);
}
