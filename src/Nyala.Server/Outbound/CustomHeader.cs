namespace Nyala.Server.Outbound;

/// <summary>A header that a hook has sent along with each of its attempts.</summary>
internal sealed record CustomHeader(string Name, string Value);
