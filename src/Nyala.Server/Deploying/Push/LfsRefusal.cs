using System.Text.Json.Serialization;

namespace Nyala.Server.Deploying.Push;

/// <summary>An error of Git LFS's API.</summary>
/// <param name="Message">What its client prints.</param>
internal sealed record LfsRefusal([property: JsonPropertyName("message")] string Message);

[JsonSerializable(typeof(LfsRefusal))]
internal sealed partial class LfsJson : JsonSerializerContext;
