using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nyala.Client.Json;

/// <summary>Kudu's form of a time on the wire: UTC, ISO 8601, seven fraction digits, <c>Z</c>.</summary>
public static class KuduTime
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>Writes <paramref name="time"/> as Kudu does.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>Reads an ISO 8601 time; without an offset it is UTC. False if the text is not a time.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        bool read = DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
        return read;
    }

    internal static DateTimeOffset Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out DateTimeOffset time)
            ? time
            : throw new JsonException("A time is an ISO 8601 text, for example 2026-02-27T17:45:06Z.");
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

/// <summary>Kudu's .NET client cannot read a null <c>last_datetime</c>: never is written as the year 1.</summary>
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
