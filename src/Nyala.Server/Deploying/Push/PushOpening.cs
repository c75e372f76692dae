namespace Nyala.Server.Deploying.Push;

/// <summary>How a push begins.</summary>
/// <param name="Updates">What it is going to do.</param>
/// <param name="Capabilities">What its client can do, words with spaces between them.</param>
internal sealed record PushOpening(IReadOnlyList<RefUpdate> Updates, string Capabilities)
{
    /// <summary>Whether it removes refs and does nothing else.</summary>
    public bool OnlyRemoves => Updates.All(update => update.Deletes);

    /// <summary>Whether its client can do something.</summary>
    public bool Can(string capability) => Capabilities.Split(' ').Contains(capability);
}
