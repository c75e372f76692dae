using System.Text.Json;

namespace Nyala.Server.Outbound.Channels.Mail;

/// <summary>What a mail says about one event. It is what the format <c>mail</c> renders, and what is stored; the channel makes a mail of one or of several.</summary>
/// <param name="Site">The site; empty if the event has none.</param>
/// <param name="Subject">What happened, in one line.</param>
/// <param name="IsBad">Whether it is bad news.</param>
/// <param name="Text">The message as plain text.</param>
/// <param name="Html">The message as HTML that can stand in a body.</param>
internal sealed record MailContent(string Site, string Subject, bool IsBad, string Text, string Html)
{
    /// <summary>The content type under which it is stored.</summary>
    public const string ContentType = "application/vnd.nyala.mail+json; charset=utf-8";

    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Wire);

    public static MailContent Read(ReadOnlySpan<byte> content) => JsonSerializer.Deserialize<MailContent>(content, Wire)!;
}
