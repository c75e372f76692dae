namespace Nyala.Server.Outbound;

/// <summary>What opens a network that the address guard keeps closed.</summary>
internal enum Reach
{
    /// <summary>Open to a server that only its own machine reaches; to others, what <c>Outbound:Allow</c> names by network or by host.</summary>
    Own,

    /// <summary>Only what <c>Outbound:Allow</c> names, by network or by host.</summary>
    Named,

    /// <summary>Only what <c>Outbound:Allow</c> names by network: the owner of a name could make it mean these.</summary>
    NamedByNetwork,

    /// <summary>Only an address that <c>Outbound:Allow</c> names by itself: it hands out a machine's credentials.</summary>
    NamedByAddress,
}
