using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Nyala.Client.Json;

/// <summary>Reads and writes the filters of a hook as the API does: one filter is an object, several are a list of objects.</summary>
internal sealed class HookFilterListConverter : JsonConverter<IReadOnlyList<HookFilter>>
{
    public override IReadOnlyList<HookFilter> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, options);

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<HookFilter> value, JsonSerializerOptions options)
    {
        if (value is [HookFilter one])
        {
            JsonSerializer.Serialize(writer, one, Info<HookFilter>(options));
        }
        else
        {
            JsonSerializer.Serialize(writer, value, Info<IReadOnlyList<HookFilter>>(options));
        }
    }

    /// <summary>Reads filters from a text.</summary>
    /// <exception cref="JsonException">The text is neither a filter nor a list of filters.</exception>
    internal static IReadOnlyList<HookFilter> Parse(string json, JsonSerializerOptions options)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        IReadOnlyList<HookFilter> filters = Read(ref reader, options);

        // Throws if more text follows.
        reader.Read();
        return filters;
    }

    /// <summary>Returns the text of filters.</summary>
    internal static string Format(IReadOnlyList<HookFilter> filters) => filters is [HookFilter one]
        ? JsonSerializer.Serialize(one, NyalaJson.Wire.HookFilter)
        : JsonSerializer.Serialize(filters, NyalaJson.Wire.IReadOnlyListHookFilter);

    private static IReadOnlyList<HookFilter> Read(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        HookFilter?[] filters = reader.TokenType == JsonTokenType.StartArray
            ? [.. JsonSerializer.Deserialize(ref reader, Info<IReadOnlyList<HookFilter>>(options)) ?? []]
            : [JsonSerializer.Deserialize(ref reader, Info<HookFilter>(options))];
        return filters.Contains(null) ? throw new JsonException("A filter must be an object.") : [.. filters.OfType<HookFilter>()];
    }

    private static JsonTypeInfo<T> Info<T>(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
