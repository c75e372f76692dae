using System.Text.Json.Serialization;

namespace Nyala.Server.Audit;

/// <summary>How details are stored.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class AuditJson : JsonSerializerContext;
