namespace Nyala.Server.Outbound;

/// <summary>A signing key that has been replaced and signs too, while receivers take over the new one.</summary>
/// <param name="Key">The key.</param>
/// <param name="Until">When it ends to sign.</param>
internal sealed record RetiredKey(byte[] Key, DateTimeOffset Until);
