using Nyala.Client;

namespace Nyala.Cli.Connection;

/// <summary>A server to talk to, and what opens it.</summary>
/// <param name="Address">Its base address.</param>
/// <param name="Token">The access token; null if none is known, and the server then decides.</param>
/// <param name="DataFolder">The folder that the server must prove to hold, since its address was left behind; null if a person named it.</param>
internal sealed record ServerTarget(Uri Address, string? Token, string? DataFolder = null)
{
    /// <summary>The address as it is shown and compared.</summary>
    public string Name => ServerAddress.Canonical(Address);

    public NyalaClient Connect(TimeSpan? timeout = null) =>
        new(Address, Token, timeout, DataFolder is null ? null : new VerifiedConnection(DataFolder).ConnectAsync);
}
