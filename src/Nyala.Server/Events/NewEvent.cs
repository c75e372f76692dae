namespace Nyala.Server.Events;

/// <summary>An event to accept.</summary>
/// <param name="Type">Its type, see <see cref="EventType"/>.</param>
/// <param name="Site">The site it happened at.</param>
/// <param name="Body">The bytes to send; the caller does not change them afterwards.</param>
internal readonly record struct NewEvent(string Type, string Site, byte[] Body);
