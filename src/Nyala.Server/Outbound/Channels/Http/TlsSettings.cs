namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>
/// The certificates that a hook trusts and shows. Hooks with equal settings share connections. A connection never serves a hook with other settings.
/// </summary>
/// <param name="Insecure">Whether the receiver's certificate is accepted without a check.</param>
/// <param name="Authorities">The only trusted authorities, as PEM; null for those of the system.</param>
/// <param name="Client">The client certificate with its chain and its key, as PEM; null for none.</param>
internal sealed record TlsSettings(bool Insecure = false, string? Authorities = null, string? Client = null)
{
    /// <summary>Trusts the system's authorities and shows no client certificate.</summary>
    public static TlsSettings System { get; } = new();

    /// <summary>Accepts every certificate, as <c>insecure_ssl</c> requests.</summary>
    public static TlsSettings DangerousNone { get; } = new(Insecure: true);

    public static TlsSettings Of(bool insecure) => insecure ? DangerousNone : System;

    /// <summary>Omits the key, which must not appear in a log.</summary>
    public override string ToString() =>
        $"{nameof(TlsSettings)} {{ {nameof(Insecure)} = {Insecure}, {nameof(Authorities)} = {Authorities is not null}, {nameof(Client)} = {Client is not null} }}";
}
