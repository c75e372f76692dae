namespace Nyala.Server.Storage;

/// <summary>An accepted push hook.</summary>
/// <param name="Site">The site that it was sent to.</param>
/// <param name="Delivery">The sender's id of the delivery.</param>
/// <param name="Commit">The commit that was pushed.</param>
/// <param name="Deployment">The name of the resulting deployment.</param>
/// <param name="Run">The number of the deployment's run, from 1.</param>
/// <param name="Received">The time it was accepted.</param>
internal sealed record PushWebhookRecord(string Site, string Delivery, string Commit, string Deployment, int Run, DateTimeOffset Received);

/// <summary>The accepted push hooks, and the tips of fetched branches.</summary>
internal interface IPushWebhookTable
{
    /// <summary>Stores a push, replacing one with the same delivery id. Only the newest <paramref name="keep"/> pushes of the site are kept.</summary>
    void Put(PushWebhookRecord push, int keep);

    PushWebhookRecord? Find(string site, string delivery);

    /// <summary>Deletes the pushes of a deployment, so that they can be delivered again.</summary>
    void Forget(string site, string deployment);

    /// <summary>Returns the tip of the branch at the last fetch; null before the first fetch.</summary>
    string? Tip(string site, string branch);

    /// <summary>Whether a commit was once the tip of the branch, among the tips that are kept.</summary>
    bool WasTip(string site, string branch, string commit);

    /// <summary>Stores the tip of a branch. Only the newest <paramref name="keep"/> tips of each branch are kept.</summary>
    void SetTip(string site, string branch, string commit, DateTimeOffset now, int keep);
}
