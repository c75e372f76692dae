using Nyala.Server.Disk;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Push;

/// <summary>
/// Decides what of a push is stored, once all of it is here and before any of it is: nobody holds the right to a site while a client sends. A push that brings a commit to the
/// site's branch takes the right now, so that of two at once one is refused, and none is stored and then not deployed.
/// </summary>
internal sealed class PushAdmission(IStore store, SiteGate gate, PushHooks hooks, SiteFolders folders, Shutdown shutdown)
{
    /// <summary>Admits a push, or parts of it, and tells the pusher of the rest.</summary>
    /// <param name="order">What the push is for.</param>
    /// <param name="updates">What it is going to do.</param>
    /// <param name="pipes">The way to git and the pusher.</param>
    /// <param name="over">git has ended.</param>
    /// <returns>What was admitted; null if nothing is, and git must not go on.</returns>
    /// <exception cref="OperationCanceledException">git has ended; nothing is held.</exception>
    public async Task<Admitted?> AdmitAsync(PushOrder order, IReadOnlyList<RefUpdate> updates, PushPipes pipes, CancellationToken over)
    {
        SiteRecord? site = await store.ReadAsync(tables => tables.Sites.Find(order.Site.Name), over);
        if (site is null || WhyNothing(site, updates) is not null)
        {
            await pipes.SayBeforeAsync(site is null ? $"The site '{order.Site.Name}' was removed meanwhile: nothing was stored." : WhyNothing(site, updates)!, over);
            return null;
        }

        foreach (string reason in PushRule.Refuse(updates))
        {
            await pipes.SayBeforeAsync(reason, over);
        }

        string? commit = updates.FirstOrDefault(update => update.Moves(site.Branch))?.New;
        SiteGate.Pass? pass = commit is null ? null : await gate.EnterAsync(site.Name, over);
        var admitted = new Admitted(site, pass);
        try
        {
            string? refusal = commit is not null && pass is null ? gate.BusyAt(site.Name) : PushRule.RefuseRemoval(updates, site);
            if (refusal is not null)
            {
                await pipes.SayBeforeAsync(refusal, over);
            }

            if (refusal is not null || updates.Any(update => !PushRule.IsStored(update.Ref)))
            {
                hooks.Refuse(pipes.Folder, refusal is null ? null : BranchName.Heads + site.Branch);
            }

            if (pass is not null)
            {
                // Where the server goes down between the two, the next start tells of a push that was stored and not deployed.
                await File.WriteAllTextAsync(folders.Of(site.Name).PushedCommit(order.Id), commit, over);
            }

            await pipes.GoOnAsync(over);
            return admitted;
        }
        catch (IOException error) when (DiskFull.Is(error))
        {
            admitted.Dispose();
            await pipes.SayBeforeAsync(DiskFull.Refusal, over);
            return null;
        }
        catch
        {
            admitted.Dispose();
            throw;
        }
    }

    /// <summary>Why nothing of a push is stored; null if something may be.</summary>
    private string? WhyNothing(SiteRecord site, IReadOnlyList<RefUpdate> updates) =>
        shutdown.Stopping.IsCancellationRequested ? Shutdown.Refusal

        // A push that is stored and cannot be recorded would be up to date when it is sent again.
        : updates.Any(update => update.Moves(site.Branch)) && store.Condition.Trouble == StoreTrouble.Full ? DiskFull.Refusal
        : null;
}

/// <summary>What was admitted of a push. Disposing gives the right back, unless somebody has taken it over.</summary>
/// <param name="site">The site as it is now.</param>
/// <param name="pass">The right to deploy; null if the site's branch is not pushed, or is refused.</param>
internal sealed class Admitted(SiteRecord site, SiteGate.Pass? pass) : IDisposable
{
    private SiteGate.Pass? _pass = pass;

    public SiteRecord Site => site;

    /// <summary>Takes the right over, once.</summary>
    public SiteGate.Pass? Take() => Interlocked.Exchange(ref _pass, null);

    public void Dispose() => Take()?.Dispose();
}
