using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fluid.Values;

namespace Nyala.Server.Outbound.Templates;

/// <summary>Converts between JSON, text and the values of templates.</summary>
internal static class TemplateValues
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns the value of a body: JSON if it is, or else its text.</summary>
    public static FluidValue OfBody(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return new StringValue(Encoding.UTF8.GetString(body.Span));
        }
    }

    /// <summary>Returns the text of a value as it is written, without escapes.</summary>
    public static string Text(FluidValue value, RenderBudget budget)
    {
        if (value is not ArrayValue list)
        {
            return value.ToStringValue();
        }

        budget.TakeValue(list);
        var text = new StringBuilder();
        foreach (FluidValue element in list.Values)
        {
            text.Append(Text(element, budget));
            CheckLength(text.Length);
        }

        return text.ToString();
    }

    /// <summary>Returns a value as JSON.</summary>
    public static string Json(FluidValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <exception cref="TemplateStoppedException">A text is longer than the limit.</exception>
    public static void CheckLength(long length)
    {
        if (length > RenderBudget.MaxText)
        {
            throw new TemplateStoppedException(string.Create(CultureInfo.InvariantCulture, $"it makes a text of more than {RenderBudget.MaxText:N0} characters"));
        }
    }

    private static FluidValue Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => OfObject(element),
        JsonValueKind.Array => new ArrayValue([.. element.EnumerateArray().Select(Of)]),
        JsonValueKind.String => new StringValue(Readable(() => element.GetString()!, element.GetRawText())),
        JsonValueKind.Number => OfNumber(element.GetRawText()),
        JsonValueKind.True => BooleanValue.True,
        JsonValueKind.False => BooleanValue.False,
        _ => NilValue.Instance,
    };

    private static DictionaryValue OfObject(JsonElement element)
    {
        var fields = new Dictionary<string, FluidValue>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            fields[Readable(() => property.Name, "\uFFFD")] = Of(property.Value);
        }

        return new DictionaryValue(new FluidValueDictionaryFluidIndexable(fields));
    }

    /// <summary>Returns a number, or its text if a decimal cannot hold all of its digits.</summary>
    private static FluidValue OfNumber(string text) =>
        text.Length <= 28 && !text.AsSpan().ContainsAny('e', 'E') && decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal number)
            ? NumberValue.Create(number)
            : new StringValue(text);

    /// <summary>Reads a text. An escaped lone surrogate is valid JSON, but not valid text.</summary>
    private static string Readable(Func<string> read, string otherwise)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return otherwise;
        }
    }

    private static void Write(Utf8JsonWriter writer, FluidValue value)
    {
        CheckLength(writer.BytesCommitted + writer.BytesPending);
        switch (value)
        {
            case ArrayValue list:
                writer.WriteStartArray();
                foreach (FluidValue element in list.Values)
                {
                    Write(writer, element);
                }

                writer.WriteEndArray();
                break;
            case DictionaryValue when value.ToObjectValue() is IFluidIndexable fields:
                writer.WriteStartObject();
                foreach (string name in fields.Keys)
                {
                    fields.TryGetValue(name, out FluidValue field);
                    writer.WritePropertyName(name);
                    Write(writer, field);
                }

                writer.WriteEndObject();
                break;
            case NumberValue number:
                writer.WriteNumberValue(number.ToNumberValue());
                break;
            case BooleanValue flag:
                writer.WriteBooleanValue(flag.ToBooleanValue());
                break;
            case StringValue text:
                writer.WriteStringValue(text.ToStringValue());
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
