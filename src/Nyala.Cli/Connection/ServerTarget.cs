using Nyala.Client;

namespace Nyala.Cli.Connection;

/// <summary>A server to call, and the token for it.</summary>
/// <param name="Address">The server's base address.</param>
/// <param name="Token">The access token; null to call the server without one.</param>
/// <param name="DataFolder">The data folder that the server must prove to hold; null for a named server that does not get the local server's token.</param>
internal sealed record ServerTarget(Uri Address, string? Token, string? DataFolder = null)
{
    /// <summary>The address in its canonical form, to show and compare.</summary>
    public string Name => ServerAddress.Canonical(Address);

    public NyalaClient Connect(TimeSpan? timeout = null) =>
        new(Address, Token, timeout, DataFolder is null ? null : new VerifiedConnection(DataFolder).ConnectAsync);
}
