using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nyala.Client.Json;

/// <summary>The serialization context for the records of the API. It does not use reflection.</summary>
[JsonSerializable(typeof(Hook))]
[JsonSerializable(typeof(IReadOnlyList<Hook>))]
[JsonSerializable(typeof(HookRequest))]
[JsonSerializable(typeof(HookFilter))]
[JsonSerializable(typeof(IReadOnlyList<HookFilter>))]
[JsonSerializable(typeof(HookChange))]
[JsonSerializable(typeof(HookTemplate))]
[JsonSerializable(typeof(HookPreview))]
[JsonSerializable(typeof(IReadOnlyList<HookChannel>))]
[JsonSerializable(typeof(ChannelTestRequest))]
[JsonSerializable(typeof(ChannelTest))]
[JsonSerializable(typeof(SecretRotation))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(IReadOnlyList<Deployment>))]
[JsonSerializable(typeof(DeploymentReport))]
[JsonSerializable(typeof(DeploymentEvent))]
[JsonSerializable(typeof(IReadOnlyList<LogEntry>))]
[JsonSerializable(typeof(IReadOnlyList<LogLine>))]
[JsonSerializable(typeof(Delivery))]
[JsonSerializable(typeof(IReadOnlyList<Delivery>))]
[JsonSerializable(typeof(RecordedEvent))]
[JsonSerializable(typeof(IReadOnlyList<RecordedEvent>))]
[JsonSerializable(typeof(PublishedLine))]
[JsonSerializable(typeof(IReadOnlyList<PublishedLine>))]
[JsonSerializable(typeof(Redelivery))]
[JsonSerializable(typeof(IReadOnlyList<Redelivery>))]
[JsonSerializable(typeof(RedeliveryRequest))]
[JsonSerializable(typeof(IReadOnlyList<AuditEntry>))]
[JsonSerializable(typeof(Token))]
[JsonSerializable(typeof(IReadOnlyList<Token>))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(FetchRequest))]
[JsonSerializable(typeof(LogEntry))]
[JsonSerializable(typeof(Site))]
[JsonSerializable(typeof(IReadOnlyList<Site>))]
[JsonSerializable(typeof(SiteRequest))]
[JsonSerializable(typeof(SiteChange))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Problem))]
public sealed partial class NyalaJson : JsonSerializerContext
{
    /// <summary>The context to use. It writes text outside ASCII unescaped, because the body is JSON and never HTML.</summary>
    public static NyalaJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNameCaseInsensitive = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
