using System.Collections.Concurrent;

namespace Nyala.Server.Deploying;

/// <summary>Admits one deployment at a time to each site.</summary>
internal sealed class SiteGate
{
    /// <summary>Kudu's message for a request that arrives while a deployment is in progress.</summary>
    public const string Busy = "There is a deployment currently in progress at this site. Please retry operation later.";

    private readonly ConcurrentDictionary<string, Pass> _inside = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The number of sites whose pass is taken.</summary>
    public int Count => _inside.Count;

    /// <summary>
    /// Takes the site's pass. If another deployment holds it, waits if that one is just ending; otherwise returns null, because the wait could be long.
    /// </summary>
    /// <param name="site">The site.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<Pass?> EnterAsync(string site, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryEnter(site) is { } pass)
            {
                return pass;
            }

            if (_inside.TryGetValue(site, out Pass? inside))
            {
                if (inside.Ending is { } ending)
                {
                    await ending.WaitAsync(cancellationToken);
                }
                else if (IsInside(inside))
                {
                    return null;
                }
            }
        }
    }

    /// <summary>Takes the site's pass without waiting; returns null if it is taken.</summary>
    public Pass? TryEnter(string site)
    {
        var pass = new Pass(this, site);
        return _inside.TryAdd(site, pass) ? pass : null;
    }

    /// <summary>
    /// Returns the refusal while a deployment is in progress: Kudu's message, which clients look for, and the id of that deployment, if known.
    /// </summary>
    public string BusyAt(string site) => DeploymentAt(site) is { } id ? $"{Busy} In progress: {id}." : Busy;

    /// <summary>Returns the id of the deployment in progress; null if there is none or its id is not known yet.</summary>
    public string? DeploymentAt(string site) => _inside.TryGetValue(site, out Pass? pass) ? pass.Deployment : null;

    /// <summary>Whether a deployment is in progress that is not just ending.</summary>
    public bool IsBusy(string site) => _inside.TryGetValue(site, out Pass? pass) && pass.Ending is null && IsInside(pass);

    /// <summary>Completes when the site's pass is returned; at once if it is free.</summary>
    public Task ReleasedAsync(string site) => _inside.TryGetValue(site, out Pass? pass) ? pass.Left : Task.CompletedTask;

    // A returned pass no longer counts as ending, so a caller that finds a pass without an end checks that it still holds the site.
    private bool IsInside(Pass pass) => _inside.TryGetValue(pass.Site, out Pass? inside) && inside == pass;

    /// <summary>The right to deploy at a site. Disposing it returns the pass; further calls do nothing.</summary>
    internal sealed class Pass(SiteGate gate, string site) : IDisposable
    {
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource? _ending;

        public string Site => site;

        /// <summary>The id of the deployment in progress; null until it is known.</summary>
        public string? Deployment { get; set; }

        internal Task Left => _left.Task;

        /// <summary>Completes when the current attempt to record the end is over, whether or not it succeeded; null if there is no such attempt.</summary>
        internal Task? Ending => Volatile.Read(ref _ending)?.Task;

        /// <summary>
        /// Marks the deployment as ending. From here on its end is being recorded and may already be visible, so new requests wait for a moment instead of
        /// being refused.
        /// </summary>
        public void Ends() => Volatile.Write(ref _ending, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        /// <summary>Withdraws the mark of <see cref="Ends"/>: the end could not be recorded yet.</summary>
        public void ResumeAsRunning() => Interlocked.Exchange(ref _ending, null)?.TrySetResult();

        public void Dispose()
        {
            if (gate._inside.TryRemove(KeyValuePair.Create(site, this)))
            {
                _left.TrySetResult();
            }

            ResumeAsRunning();
        }
    }
}
