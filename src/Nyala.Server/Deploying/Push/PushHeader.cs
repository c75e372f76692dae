namespace Nyala.Server.Deploying.Push;

/// <summary>The beginning of a push.</summary>
/// <param name="Updates">The ref updates that it requests.</param>
/// <param name="Capabilities">The client's capabilities, separated by spaces.</param>
internal sealed record PushHeader(IReadOnlyList<RefUpdate> Updates, string Capabilities)
{
    /// <summary>Whether the push removes refs and does nothing else.</summary>
    public bool OnlyRemoves => Updates.All(update => update.Deletes);

    /// <summary>Whether the client has a capability.</summary>
    public bool Can(string capability) => Capabilities.Split(' ').Contains(capability);
}
