using System.Collections.Concurrent;

namespace Nyala.Server.Deploying.Git;

/// <summary>
/// Keeps a spare checkout for each site with many files. It is made after a deployment, while nobody waits. The next deployment takes it over, so that git
/// writes only the files that differ between the commits. A spare needs as much disk space as a release, and is abandoned before the disk is full.
/// </summary>
internal sealed class SpareCheckouts(SiteFolders folders, Shutdown shutdown, TimeProvider clock, ILogger<SpareCheckouts> logger)
{
    /// <summary>The minimum number of files. Fewer are written in less time than a person notices.</summary>
    private const int MinFiles = 2000;

    private static readonly TimeSpan DiskCheckInterval = TimeSpan.FromSeconds(1);

    // The spares that this node is making, by site.
    private readonly ConcurrentDictionary<string, Creation> _making = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Begins to make the spare of a site, unless it exists, is being made, or would save too little.</summary>
    /// <param name="site">The site.</param>
    /// <param name="last">The checkout of its last deployment.</param>
    public void Begin(string site, CheckedOutCommit last)
    {
        SiteFolder folder = folders.Of(site);
        if (last.Files < MinFiles || Directory.Exists(folder.Spare))
        {
            return;
        }

        var making = new Creation(CancellationTokenSource.CreateLinkedTokenSource(shutdown.Stopping));
        if (_making.TryAdd(site, making))
        {
            _ = shutdown.Track(MakeAsync(site, folder, last, making));
        }
        else
        {
            making.Dispose();
        }
    }

    /// <summary>
    /// Waits until the spare that is being made for a site is ready, if there is one. A deployment that writes the same files at the same time would take
    /// longer.
    /// </summary>
    public Task WaitUntilMadeAsync(string site, CancellationToken cancellationToken) =>
        _making.TryGetValue(site, out Creation? making) ? making.Ended.WaitAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Cancels the spare that is being made for a site that is removed, and waits for its end.</summary>
    public async Task EndAsync(string site)
    {
        if (_making.TryGetValue(site, out Creation? making))
        {
            await making.EndAsync();
        }
    }

    private async Task<bool> MakeAsync(string site, SiteFolder folder, CheckedOutCommit last, Creation making)
    {
        await Task.Yield();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(making.Token);
        try
        {
            await using ITimer look = clock.CreateTimer(_ => EndWithoutRoom(folder, over), null, TimeSpan.Zero, DiskCheckInterval);
            string? failure = await new Checkouts(last.Repository).MakeSpareAsync(last, over.Token);
            if (failure is not null)
            {
                DeployingLog.NotSpared(logger, site, failure);
            }

            return failure is null;
        }
        catch (OperationCanceledException)
        {
            // Canceled because the server stops or the site is removed; otherwise because the disk has little room left.
            if (!making.Token.IsCancellationRequested)
            {
                DeployingLog.NotSpared(logger, site, "the disk has little room left.");
            }

            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or GitMissingException)
        {
            DeployingLog.NotSpared(logger, site, error.Message);
            return false;
        }
        finally
        {
            _making.TryRemove(site, out _);
            making.Dispose();
        }
    }

    private static void EndWithoutRoom(SiteFolder folder, CancellationTokenSource over)
    {
        try
        {
            var disk = new DriveInfo(folder.Path);
            if (!SpareCheckoutRule.HasRoom(disk.AvailableFreeSpace, disk.TotalSize))
            {
                over.Cancel();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The folder is gone, or the spare has just been completed.
        }
    }

    private sealed class Creation(CancellationTokenSource source) : IDisposable
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationToken Token { get; } = source.Token;

        public Task Ended => _ended.Task;

        public async Task EndAsync()
        {
            try
            {
                await source.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended.
            }

            await Ended;
        }

        public void Dispose()
        {
            _ended.TrySetResult();
            source.Dispose();
        }
    }
}
