using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// A CloudEvent, and how HTTP carries it. Source: github.com/cloudevents/spec, v1.0.2: "CloudEvents", "JSON Event Format" and "HTTP Protocol Binding". Pure.
/// </summary>
/// <param name="Id">Identifies the event within the source.</param>
/// <param name="Source">Where the event happened, as a reference to a URI.</param>
/// <param name="Type">What happened.</param>
/// <param name="Time">When it happened.</param>
internal sealed record CloudEvent(string Id, string Source, string Type, DateTimeOffset Time)
{
    /// <summary>The header with which a server names itself to a receiver, in the handshake and in each request.</summary>
    public const string OriginHeader = "WebHook-Request-Origin";

    private const string Version = "1.0";
    private const string Structured = "application/cloudevents+json; charset=utf-8";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the event is about; null for nothing in particular.</summary>
    public string? Subject { get; init; }

    /// <summary>The data; empty for none.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Whether the data is JSON.</summary>
    private bool IsJson => Utf8Json.IsValid(Data.Span);

    private string DataType => IsJson ? "application/json" : "application/octet-stream";

    /// <summary>Writes the whole event as JSON.</summary>
    /// <param name="origin">The name of this server.</param>
    public Rendered AsStructured(string origin)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, Relaxed))
        {
            json.WriteStartObject();
            foreach ((string name, string value) in Attributes())
            {
                json.WriteString(name, value);
            }

            if (IsJson)
            {
                json.WriteString("datacontenttype", DataType);
                json.WritePropertyName("data");
                json.WriteRawValue(Data.Span);
            }
            else if (!Data.IsEmpty)
            {
                json.WriteString("datacontenttype", DataType);
                json.WriteBase64String("data_base64", Data.Span);
            }

            json.WriteEndObject();
        }

        return new Rendered(body.WrittenMemory, Structured) { Form = new RequestForm { Headers = [Origin(origin)] } };
    }

    /// <summary>Writes the data as the body, and everything else as headers.</summary>
    /// <param name="origin">The name of this server.</param>
    public Rendered AsBinary(string origin) => new(Data, DataType)
    {
        Form = new RequestForm { Headers = [.. Attributes().Select(attribute => new CustomHeader("ce-" + attribute.Name, Encoded(attribute.Value))), Origin(origin)] },
    };

    private IEnumerable<(string Name, string Value)> Attributes()
    {
        yield return ("specversion", Version);
        yield return ("id", Id);
        yield return ("source", Source);
        yield return ("type", Type);
        yield return ("time", Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        if (!string.IsNullOrEmpty(Subject))
        {
            yield return ("subject", Subject);
        }
    }

    private static CustomHeader Origin(string origin) => new(OriginHeader, origin);

    /// <summary>Percent-encodes a value for a header: spaces, double quotes, percent signs, and what is not printable ASCII.</summary>
    private static string Encoded(string value)
    {
        var encoded = new StringBuilder(value.Length);
        foreach (byte octet in Encoding.UTF8.GetBytes(value))
        {
            if (octet is > (byte)' ' and < 0x7F and not (byte)'"' and not (byte)'%')
            {
                encoded.Append((char)octet);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        return encoded.ToString();
    }
}
