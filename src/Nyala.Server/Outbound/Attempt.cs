namespace Nyala.Server.Outbound;

/// <summary>Where a hook's attempts go and how they are signed: read once, used for many.</summary>
/// <param name="Url">The callback, without user info.</param>
/// <param name="Authorization">The <c>Authorization</c> header that its user info asks for; null where it has none.</param>
/// <param name="InsecureSsl">Whether the certificate goes unchecked.</param>
/// <param name="Keys">The signing keys that are valid now, newest first.</param>
internal sealed record Target(Uri Url, string? Authorization, bool InsecureSsl, IReadOnlyList<byte[]> Keys);

/// <summary>One attempt to make.</summary>
/// <param name="WebhookId">Names the delivery; the same at every attempt.</param>
/// <param name="EventType">The event's type.</param>
/// <param name="Number">Counts the delivery's attempts, from 1.</param>
/// <param name="Body">The bytes to sign and send.</param>
internal readonly record struct Attempt(Target Target, string WebhookId, string EventType, int Number, ReadOnlyMemory<byte> Body);
