using System.Text.Json.Serialization;

namespace Nyala.Server.Audit;

/// <summary>The format in which the details of a change are stored.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class AuditJson : JsonSerializerContext;
