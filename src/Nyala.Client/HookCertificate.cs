using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>A certificate of a hook. Its key is never returned.</summary>
public sealed record HookCertificate
{
    /// <summary>The subject, for example <c>CN=nyala.example.com</c>.</summary>
    [JsonPropertyName("subject")]
    public required string Subject { get; init; }

    /// <summary>When it expires, UTC.</summary>
    [JsonPropertyName("expires"), JsonConverter(typeof(KuduTimeConverter))]
    public required DateTimeOffset Expires { get; init; }
}
