using System.Text.Json;
using System.Text.Unicode;
using Nyala.Server.Http;

namespace Nyala.Server.Events;

/// <summary>
/// Reads a line: <c>{"event": TYPE, "key": KEY, "body": JSON}</c>. Names are case-insensitive, and the key may be absent or null. Pure.
/// </summary>
internal ref struct EventLineReader
{
    private const string Type = "event";
    private const string Key = "key";
    private const string Body = "body";
    private const int MaxNamed = 5;
    private const int MaxProblems = 10;
    private const int MaxShown = 40;

    // The body may be as deep as the body of a single publish, which is not inside an object.
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 65 };

    private readonly ReadOnlySpan<byte> _line;
    private readonly List<string> _problems = [];
    private readonly HashSet<string> _given = new(3, StringComparer.Ordinal);
    private string? _type;
    private string? _key;
    private ReadOnlySpan<byte> _body;
    private int _unknown;

    private EventLineReader(ReadOnlySpan<byte> line) => _line = line;

    /// <summary>Reads a line that is not blank. Returns null, with the reason, if it is refused.</summary>
    /// <param name="number">The number of the line.</param>
    /// <param name="line">The line, without its line feed.</param>
    /// <param name="bodyLimit">The maximum size of the body in bytes.</param>
    /// <param name="refused">Why the line is refused; otherwise not set.</param>
    public static EventLine? Read(int number, ReadOnlySpan<byte> line, int bodyLimit, out RefusedLine refused)
    {
        var reader = new EventLineReader(line);
        reader.Read();
        bool tooLarge = reader._problems.Count == 0 && reader._body.Length > bodyLimit;
        if (tooLarge)
        {
            reader._problems.Add($"'{Body}' has {reader._body.Length} bytes, and the maximum is {bodyLimit}, which the option Delivery:EventLimit sets.");
        }

        refused = reader._problems.Count == 0 ? default : new RefusedLine(number, string.Join(' ', reader._problems), tooLarge);
        return reader._problems.Count == 0 ? new EventLine(number, reader._type!, reader._key, reader._body.ToArray()) : null;
    }

    private void Read()
    {
        if (!Utf8.IsValid(_line))
        {
            Refuse("The line is not valid UTF-8, which JSON requires.");
            return;
        }

        try
        {
            var json = new Utf8JsonReader(_line, Deep);
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
            {
                Refuse($"The line is not a JSON object. It must be one with the fields {Type}, {Body} and optionally {Key}.");
                return;
            }

            ReadFields(ref json);
        }
        catch (JsonException error)
        {
            _problems.Clear();
            Refuse($"The line is not JSON (byte {error.BytePositionInLine + 1}): {RequestBody.MessageOf(error)} Each line must be one JSON object.");
            return;
        }

        Judge();
    }

    private void ReadFields(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = NameOf(ref json);
            json.Read();
            if (name is not (Type or Key or Body))
            {
                RefuseUnknown(name);
            }
            else if ((name == Body || json.TokenType != JsonTokenType.Null) && !_given.Add(name))
            {
                Refuse($"'{name}' is given more than once. Keep one of them.");
            }

            ReadValue(name, ref json);
        }

        // Whatever follows the object is not JSON, and throws.
        json.Read();
    }

    private void ReadValue(string name, ref Utf8JsonReader json)
    {
        if (name is Type or Key && json.TokenType != JsonTokenType.Null)
        {
            string? text = TextOf(ref json);
            if (text is null)
            {
                Refuse($"'{name}' must be a string.");
            }

            (_type, _key) = name == Type ? (text, _key) : (_type, text);
        }

        int start = (int)json.TokenStartIndex;
        json.Skip();
        _body = name == Body ? _line[start..(int)json.BytesConsumed] : _body;
    }

    private readonly void Judge()
    {
        if (!_given.Contains(Type))
        {
            Refuse($"'{Type}' is missing. Set it to the type of the event.");
        }
        else if (_type is not null && !EventType.IsValid(_type))
        {
            Refuse($"'{Type}' must be {EventType.Rule}.");
        }

        if (_key is not null && !IdempotencyKey.IsValid(_key))
        {
            Refuse($"'{Key}' must be {IdempotencyKey.Rule}.");
        }

        if (!_given.Contains(Body))
        {
            Refuse($"'{Body}' is missing. To publish an event without data, set it to {{}}.");
        }
    }

    // A line can repeat the same mistake a million times.
    private readonly void Refuse(string problem)
    {
        if (_problems.Count < MaxProblems && !_problems.Contains(problem))
        {
            _problems.Add(problem);
        }
    }

    private void RefuseUnknown(string name)
    {
        if (_unknown < MaxNamed && _given.Add(name))
        {
            _unknown++;
            string shown = name.Length > MaxShown ? TextLimit.Cut(name, MaxShown) + "…" : name;
            Refuse(_unknown == 1
                ? $"'{shown}' is not a field of a line. The fields are {Type}, {Key} and {Body}."
                : $"'{shown}' is not a field of a line either.");
        }
    }

    private static string NameOf(ref Utf8JsonReader json)
    {
        string name = TextOf(ref json) ?? "\uFFFD";
        return name.Equals(Type, StringComparison.OrdinalIgnoreCase) ? Type
            : name.Equals(Key, StringComparison.OrdinalIgnoreCase) ? Key
            : name.Equals(Body, StringComparison.OrdinalIgnoreCase) ? Body
            : name;
    }

    // An escaped lone surrogate is valid JSON, but not valid text: GetString throws.
    private static string? TextOf(ref Utf8JsonReader json)
    {
        try
        {
            return json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? json.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
