namespace Nyala.Server.Storage;

/// <summary>A push hook that was accepted.</summary>
/// <param name="Site">The site that it came to.</param>
/// <param name="Delivery">The id that its sender gave the delivery.</param>
/// <param name="Commit">The commit that was pushed.</param>
/// <param name="Deployment">The deployment that came of it.</param>
/// <param name="Run">The deployment's run, counted from 1.</param>
/// <param name="Received">When it was accepted.</param>
internal sealed record PushRecord(string Site, string Delivery, string Commit, string Deployment, int Run, DateTimeOffset Received);

/// <summary>The push hooks that were accepted, and where fetched branches were.</summary>
internal interface IPushTable
{
    /// <summary>Keeps a push, in place of one of the same delivery; of the site's pushes the newest <paramref name="keep"/> stay.</summary>
    void Put(PushRecord push, int keep);

    PushRecord? Find(string site, string delivery);

    /// <summary>Forgets the pushes that a deployment came of, so that they can be delivered again.</summary>
    void Forget(string site, string deployment);

    /// <summary>Where the branch was when it was fetched last; null before the first time.</summary>
    string? Tip(string site, string branch);

    /// <summary>Whether the branch was ever found at a commit, as far as that is kept.</summary>
    bool WasTip(string site, string branch, string commit);

    /// <summary>Remembers where the branch was found; of each branch's tips the newest <paramref name="keep"/> stay.</summary>
    void SetTip(string site, string branch, string commit, DateTimeOffset now, int keep);
}
