namespace Nyala.Client;

/// <summary>An event that <see cref="NyalaClient.PublishManyAsync(IEnumerable{EventToPublish}, bool, CancellationToken)"/> publishes.</summary>
public sealed record EventToPublish
{
    /// <summary>The type of the event; hooks match it case-insensitively.</summary>
    public required string Type { get; init; }

    /// <summary>
    /// JSON of at most 1 MiB. Receivers get it byte for byte, except that a line feed is sent as a space. JSON permits line feeds only between values.
    /// </summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>
    /// An idempotency key of 1 to 255 visible ASCII characters; null for none. Within 24 hours, a site accepts only one event with the same key.
    /// </summary>
    public string? Key { get; init; }
}
