namespace Nyala.Server.Outbound;

/// <summary>
/// Whom a hook trusts, and what it shows of itself. Hooks of equal trust share connections; a connection that was made under one trust never
/// serves another.
/// </summary>
/// <param name="Insecure">Whether the receiver's certificate goes unchecked.</param>
/// <param name="Authorities">PEM of the authorities that alone are trusted; null for those of the system.</param>
/// <param name="Client">PEM of a client certificate, with its chain, and its key; null if none is shown.</param>
internal sealed record Trust(bool Insecure = false, string? Authorities = null, string? Client = null)
{
    /// <summary>The system's authorities, and no client certificate.</summary>
    public static Trust System { get; } = new();

    /// <summary>No check at all: what <c>insecure_ssl</c> asks for.</summary>
    public static Trust DangerousNone { get; } = new(Insecure: true);

    public static Trust Of(bool insecure) => insecure ? DangerousNone : System;

    /// <summary>Without the key, which a log must not get to see.</summary>
    public override string ToString() =>
        $"{nameof(Trust)} {{ {nameof(Insecure)} = {Insecure}, {nameof(Authorities)} = {Authorities is not null}, {nameof(Client)} = {Client is not null} }}";
}
