using Nyala.Server.Outbound.Channels.Http;

namespace Nyala.Server.Outbound;

/// <summary>The URL, headers, TLS settings and signing keys of a hook's attempts. It is read once and used for many attempts.</summary>
/// <param name="Url">The callback URL, without user info.</param>
/// <param name="Authorization">The <c>Authorization</c> header made from the URL's user info; null if it has none.</param>
/// <param name="Tls">The certificates that the hook trusts and shows.</param>
/// <param name="Keys">The signing keys that are valid until the hook changes.</param>
internal sealed record Target(Uri Url, string? Authorization, TlsSettings Tls, IReadOnlyList<byte[]> Keys)
{
    private volatile bool _withdrawn;

    /// <summary>The custom headers, which satisfy <see cref="HeaderRule"/>. Their values are secrets and are masked wherever they are stored.</summary>
    public IReadOnlyList<CustomHeader> Headers { get; init; } = [];

    /// <summary>
    /// The signing key that was replaced last; null if there is none. Each attempt decides whether the key still signs, because the target may outlive it.
    /// </summary>
    public RetiredKey? Retired { get; init; }

    /// <summary>Whether the hook has changed since this was read.</summary>
    public bool IsWithdrawn => _withdrawn;

    /// <summary>Marks the target as outdated because the hook changed. No new request uses it. A request whose first byte was sent continues.</summary>
    public void Withdraw() => _withdrawn = true;
}

/// <summary>An attempt to make.</summary>
/// <param name="WebhookId">Identifies the delivery. All attempts of the delivery have the same id.</param>
/// <param name="EventType">The event's type.</param>
/// <param name="Number">The number of the attempt within the delivery, from 1.</param>
/// <param name="Body">The bytes to sign and send.</param>
internal readonly record struct Attempt(Target Target, string WebhookId, string EventType, int Number, ReadOnlyMemory<byte> Body)
{
    /// <summary>The W3C <c>traceparent</c> to send; null for none.</summary>
    public string? Trace { get; init; }

    /// <summary>The number of publishes that led to the event, for <c>Nyala-Chain</c>; null if it is unknown.</summary>
    public int? Chain { get; init; }
}
