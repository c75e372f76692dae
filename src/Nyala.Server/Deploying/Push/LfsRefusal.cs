using System.Text.Json.Serialization;

namespace Nyala.Server.Deploying.Push;

/// <summary>An error response of the Git LFS API.</summary>
/// <param name="Message">The text that the client prints.</param>
internal sealed record LfsRefusal([property: JsonPropertyName("message")] string Message);

[JsonSerializable(typeof(LfsRefusal))]
internal sealed partial class LfsJson : JsonSerializerContext;
