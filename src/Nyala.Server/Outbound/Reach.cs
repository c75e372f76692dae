namespace Nyala.Server.Outbound;

/// <summary>What opens a network that the address guard blocks.</summary>
internal enum Reach
{
    /// <summary>
    /// Open on a server that only its own machine can reach. On other servers, an entry of <c>Outbound:Allow</c> for a network or a host opens it.
    /// </summary>
    Own,

    /// <summary>Only an entry of <c>Outbound:Allow</c> for a network or a host opens it.</summary>
    Named,

    /// <summary>Only an entry of <c>Outbound:Allow</c> for a network opens it, because the owner of a name could point the name there.</summary>
    NamedByNetwork,

    /// <summary>Only an entry of <c>Outbound:Allow</c> for exactly this address opens it, because it hands out the machine's credentials.</summary>
    NamedByAddress,
}
