namespace Nyala.Server.Outbound;

/// <summary>A custom header that is sent with each attempt of a hook.</summary>
internal sealed record CustomHeader(string Name, string Value)
{
    /// <summary>Replaces a secret value wherever headers are stored or shown.</summary>
    public const string Mask = "***";

    /// <summary>Omits the value, which may be a credential.</summary>
    public override string ToString() => $"{Name}: {Mask}";
}
