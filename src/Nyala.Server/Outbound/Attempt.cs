namespace Nyala.Server.Outbound;

/// <summary>Where a hook's attempts go and how they are signed: read once, used for many.</summary>
/// <param name="Url">The callback, without user info.</param>
/// <param name="Authorization">The <c>Authorization</c> header that its user info asks for; null if it has none.</param>
/// <param name="Trust">Whom the hook trusts.</param>
/// <param name="Keys">The signing keys that are valid for as long as the hook says no other.</param>
internal sealed record Target(Uri Url, string? Authorization, Trust Trust, IReadOnlyList<byte[]> Keys)
{
    private volatile bool _withdrawn;

    /// <summary>Headers to send along, good by <see cref="HeaderRule"/>. Their values are secrets, and are masked wherever they are kept.</summary>
    public IReadOnlyList<CustomHeader> Headers { get; init; } = [];

    /// <summary>The key that was replaced last. Whether it still signs is decided at each attempt: a target may be older than its end.</summary>
    public RetiredKey? Retired { get; init; }

    /// <summary>Whether the hook has changed since this was read.</summary>
    public bool IsWithdrawn => _withdrawn;

    /// <summary>Says that the hook has changed: no request begins under this any more. One whose first byte was sent goes on.</summary>
    public void Withdraw() => _withdrawn = true;
}

/// <summary>One attempt to make.</summary>
/// <param name="WebhookId">Names the delivery; the same at every attempt.</param>
/// <param name="EventType">The event's type.</param>
/// <param name="Number">Counts the delivery's attempts, from 1.</param>
/// <param name="Body">The bytes to sign and send.</param>
internal readonly record struct Attempt(Target Target, string WebhookId, string EventType, int Number, ReadOnlyMemory<byte> Body)
{
    /// <summary>A W3C <c>traceparent</c> to send along; null for none.</summary>
    public string? Trace { get; init; }

    /// <summary>How many publishes led to this one, for <c>Nyala-Chain</c>; null if unknown.</summary>
    public int? Chain { get; init; }
}
