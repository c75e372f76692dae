using Nyala.Server.Disk;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Push;

/// <summary>
/// Decides which refs of a push are stored, when git has received the whole push but stored nothing yet. No push holds the site's pass while its client is
/// sending. A push that brings a commit to the site's branch takes the pass now, so that one of two simultaneous pushes is refused and none is stored without
/// being deployed.
/// </summary>
internal sealed class PushAdmission(IStore store, SiteGate gate, PushHooks hooks, SiteFolders folders, Shutdown shutdown)
{
    /// <summary>Admits a push or parts of it, and tells the pusher what is refused.</summary>
    /// <param name="order">The push and its site.</param>
    /// <param name="updates">The ref updates that the push requests.</param>
    /// <param name="pipes">The connection to git and the pusher.</param>
    /// <param name="gitExited">Canceled when git has exited.</param>
    /// <returns>What was admitted; null if nothing was, in which case git must not continue.</returns>
    /// <exception cref="OperationCanceledException">git has exited. The site's pass is not held.</exception>
    public async Task<AdmittedPush?> AdmitAsync(PushOrder order, IReadOnlyList<RefUpdate> updates, PushPipes pipes, CancellationToken gitExited)
    {
        SiteRecord? site = await store.ReadAsync(tables => tables.Sites.Find(order.Site.Name), gitExited);
        if (site is null || WhyNothing(site, updates) is not null)
        {
            await pipes.WriteBeforeGoAsync(site is null ? $"The site '{order.Site.Name}' was removed in the meantime. Nothing was stored." : WhyNothing(site, updates)!, gitExited);
            return null;
        }

        foreach (string reason in PushRule.Refuse(updates))
        {
            await pipes.WriteBeforeGoAsync(reason, gitExited);
        }

        string? commit = updates.FirstOrDefault(update => update.Moves(site.Branch))?.New;
        SiteGate.Pass? pass = commit is null ? null : await gate.EnterAsync(site.Name, gitExited);
        var admitted = new AdmittedPush(site, pass);
        try
        {
            string? refusal = commit is not null && pass is null ? gate.BusyAt(site.Name) : PushRule.RefuseRemoval(updates, site);
            if (refusal is not null)
            {
                await pipes.WriteBeforeGoAsync(refusal, gitExited);
            }

            if (refusal is not null || updates.Any(update => !PushRule.IsStored(update.Ref)))
            {
                hooks.Refuse(pipes.Folder, refusal is null ? null : BranchName.Heads + site.Branch);
            }

            if (pass is not null)
            {
                // If the server stops between these two steps, the next start reports a push that was stored but not deployed.
                await File.WriteAllTextAsync(folders.Of(site.Name).PushedCommit(order.Id), commit, gitExited);
            }

            await pipes.GoOnAsync(gitExited);
            return admitted;
        }
        catch (IOException error) when (DiskFull.Is(error))
        {
            admitted.Dispose();
            await pipes.WriteBeforeGoAsync(DiskFull.Refusal, gitExited);
            return null;
        }
        catch
        {
            admitted.Dispose();
            throw;
        }
    }

    /// <summary>Returns why nothing of a push is stored; null if something may be.</summary>
    private string? WhyNothing(SiteRecord site, IReadOnlyList<RefUpdate> updates) =>
        shutdown.Stopping.IsCancellationRequested ? Shutdown.Refusal

        // If a push were stored but not recorded, git would report it as up to date when it is sent again.
        : updates.Any(update => update.Moves(site.Branch)) && store.Health.Fault == StoreFault.Full ? DiskFull.Refusal
        : null;
}

/// <summary>The admitted part of a push. Disposing it returns the site's pass, unless <see cref="Take"/> has handed the pass over.</summary>
/// <param name="site">The site, as it is at the time of the admission.</param>
/// <param name="pass">The site's pass; null if the push brings no commit to the site's branch, or if that commit is refused.</param>
internal sealed class AdmittedPush(SiteRecord site, SiteGate.Pass? pass) : IDisposable
{
    private SiteGate.Pass? _pass = pass;

    public SiteRecord Site => site;

    /// <summary>Hands over the pass. Returns null if there is none, or if it was handed over before.</summary>
    public SiteGate.Pass? Take() => Interlocked.Exchange(ref _pass, null);

    public void Dispose() => Take()?.Dispose();
}
