using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Nyala.Cli.Output;

/// <summary><c>--json</c>: prints the JSON of the API, indented, instead of a table.</summary>
internal sealed class JsonOption
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Option<bool> _option = new("--json") { Description = "Print JSON." };

    public static JsonOption AddTo(Command command)
    {
        var json = new JsonOption();
        command.Add(json._option);
        return json;
    }

    /// <summary>Whether <c>--json</c> was given.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_option);

    /// <summary>Whether <c>--json</c> was given, for a validator.</summary>
    public bool IsGiven(SymbolResult result) => result.GetValue(_option);

    /// <summary>Prints <paramref name="value"/> if <c>--json</c> was given. Returns whether it was.</summary>
    public bool TryPrint<T>(ParseResult parsed, CommandEnvironment environment, T value, JsonTypeInfo<T> type)
    {
        if (!IsGiven(parsed))
        {
            return false;
        }

        Print(environment.Out, value, type);
        return true;
    }

    public static void Print<T>(TextWriter to, T value, JsonTypeInfo<T> type)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        to.WriteLine(TerminalText.EscapeJson(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length)));
    }

    /// <summary>Prints a value as JSON on one line.</summary>
    public static void PrintLine<T>(TextWriter to, T value, JsonTypeInfo<T> type) => to.WriteLine(TerminalText.EscapeJson(JsonSerializer.Serialize(value, type)));
}
