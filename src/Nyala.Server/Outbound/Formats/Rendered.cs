using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Client.Json;

namespace Nyala.Server.Outbound.Formats;

/// <summary>An event as it was accepted.</summary>
/// <param name="Type">The event's type.</param>
/// <param name="Body">The event's body.</param>
internal readonly record struct EventContent(string Type, ReadOnlyMemory<byte> Body)
{
    /// <summary>The event's id.</summary>
    public long Id { get; init; }

    /// <summary>The time at which the event was accepted.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The site of the event.</summary>
    public string Site { get => field ?? ""; init; }

    /// <summary>The name of this server, as a host name.</summary>
    public string Origin { get => field ?? ""; init; }

    /// <summary>The public URL of the API of the event's site; null if the server does not know it.</summary>
    public string? ApiUrl { get; init; }

    /// <summary>The last lines of the deployment's log that the hook asks for, oldest first; empty for none.</summary>
    public IReadOnlyList<string> LogTail { get => field ?? []; init; }
}

/// <summary>The bytes that an attempt sends.</summary>
/// <param name="Body">The bytes.</param>
/// <param name="ContentType">Their content type.</param>
internal readonly record struct Rendered(ReadOnlyMemory<byte> Body, string ContentType)
{
    /// <summary>The content type of an event's own body.</summary>
    public const string Json = "application/json; charset=utf-8";

    /// <summary>What the format sets of the request besides its body.</summary>
    public RequestForm Form { get => field ?? RequestForm.Usual; init; }

    /// <summary>Why there is nothing to send, because the format cannot write this event; null if it can.</summary>
    public string? Refusal { get; private init; }

    /// <summary>Whether this sends an event's own body in the usual way, so that it need not be stored.</summary>
    public bool Is(ReadOnlySpan<byte> own) => ContentType == Json && ReferenceEquals(Form, RequestForm.Usual) && Body.Span.SequenceEqual(own);

    /// <summary>Sends a JSON document.</summary>
    public static Rendered Of(JsonNode document) => new(Encoding.UTF8.GetBytes(document.ToJsonString(NyalaJson.Wire.Options)), Json);

    /// <summary>Sends nothing: the format cannot write the event, so its delivery fails without a retry.</summary>
    /// <param name="reason">Why, in whole sentences.</param>
    public static Rendered Refused(string reason) => new(default, Json) { Refusal = reason };

    /// <summary>Sends the event's body as it is.</summary>
    public static Rendered AsIs(EventContent @event) => new(@event.Body, Json);
}

/// <summary>What a format sets of a request besides its body.</summary>
internal sealed record RequestForm
{
    /// <summary>A POST to the hook's URL, without headers of the format.</summary>
    public static RequestForm Usual { get; } = new();

    /// <summary>The method of an HTTP request.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>What follows the path of the hook's URL, with a query if it needs one, for example <c>/42/close?by=alias</c>; empty for nothing.</summary>
    public string Path { get; init; } = "";

    /// <summary>The format's headers. A header of the hook replaces one with the same name. They are no secrets.</summary>
    public IReadOnlyList<CustomHeader> Headers { get; init; } = [];

    /// <summary>Returns the form as it is stored; null for the usual one.</summary>
    public string? Write() => ReferenceEquals(this, Usual) ? null : JsonSerializer.Serialize(this);

    /// <summary>Reads a form that was stored.</summary>
    public static RequestForm Read(string? text) => text is null ? Usual : JsonSerializer.Deserialize<RequestForm>(text)!;
}

