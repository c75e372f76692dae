using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>A way in which hooks reach people and services, and the server's account for it.</summary>
public sealed record HookChannel
{
    /// <summary>The name: <c>http</c>, <c>mail</c>, <c>phone</c> or <c>x</c>.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>What the URLs of its hooks look like, for example <c>mailto:name@example.com</c>.</summary>
    [JsonPropertyName("urls")]
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Whether hooks can use it. If not, <see cref="Missing"/> says what to set.</summary>
    [JsonPropertyName("configured")]
    public bool Configured { get; init; }

    /// <summary>The account, without credentials, for example the SMTP server and the sender; null if the channel needs none or has none.</summary>
    [JsonPropertyName("account")]
    public string? Account { get; init; }

    /// <summary>The maximum number of messages per minute, of all hooks together; null for no limit.</summary>
    [JsonPropertyName("rate")]
    public int? Rate { get; init; }

    /// <summary>What the operator must set before hooks can use it; null if it is configured.</summary>
    [JsonPropertyName("missing")]
    public string? Missing { get; init; }
}

/// <summary>Where to send a test message.</summary>
public sealed record ChannelTestRequest
{
    /// <summary>A URL as of a hook, for example <c>mailto:name@example.com</c>.</summary>
    [JsonPropertyName("url")]
    public required string Url { get; init; }
}

/// <summary>How the sending of a test message ended.</summary>
public sealed record ChannelTest
{
    /// <summary>The format of the message.</summary>
    [JsonPropertyName("format")]
    public required string Format { get; init; }

    /// <summary>True if the service accepted the message.</summary>
    [JsonPropertyName("accepted")]
    public bool Accepted { get; init; }

    /// <summary>The status of the answer, of HTTP or of SMTP; null if there was none.</summary>
    [JsonPropertyName("status")]
    public int? Status { get; init; }

    /// <summary>Why the message was not accepted; null if it was.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>The beginning of what the service answered; null if it answered nothing.</summary>
    [JsonPropertyName("answer")]
    public string? Answer { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    [JsonPropertyName("duration_seconds")]
    public double DurationSeconds { get; init; }
}
