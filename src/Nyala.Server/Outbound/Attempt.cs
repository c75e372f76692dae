namespace Nyala.Server.Outbound;

/// <summary>Where a hook's attempts go and how they are signed: read once, used for many.</summary>
/// <param name="Url">The callback, without user info.</param>
/// <param name="Authorization">The <c>Authorization</c> header that its user info asks for; null where it has none.</param>
/// <param name="InsecureSsl">Whether the certificate goes unchecked.</param>
/// <param name="Keys">The signing keys that are valid for as long as the hook says no other.</param>
internal sealed record Target(Uri Url, string? Authorization, bool InsecureSsl, IReadOnlyList<byte[]> Keys)
{
    /// <summary>Headers to send along, good by <see cref="HeaderRule"/>.</summary>
    public IReadOnlyList<CustomHeader> Headers { get; init; } = [];

    /// <summary>The key that was replaced last. Whether it still signs is decided at each attempt: a target may be older than its end.</summary>
    public RetiredKey? Retired { get; init; }
}

/// <summary>One attempt to make.</summary>
/// <param name="WebhookId">Names the delivery; the same at every attempt.</param>
/// <param name="EventType">The event's type.</param>
/// <param name="Number">Counts the delivery's attempts, from 1.</param>
/// <param name="Body">The bytes to sign and send.</param>
internal readonly record struct Attempt(Target Target, string WebhookId, string EventType, int Number, ReadOnlyMemory<byte> Body);
