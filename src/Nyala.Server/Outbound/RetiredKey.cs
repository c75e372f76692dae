namespace Nyala.Server.Outbound;

/// <summary>A replaced signing key. Requests are also signed with it while receivers switch to the new key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Until">The time at which it expires.</param>
internal sealed record RetiredKey(byte[] Key, DateTimeOffset Until);
