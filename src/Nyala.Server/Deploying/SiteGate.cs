using System.Collections.Concurrent;

namespace Nyala.Server.Deploying;

/// <summary>Lets one deployment at a time be performed at a site.</summary>
internal sealed class SiteGate
{
    /// <summary>Kudu's sentence for a caller who comes while one is performed.</summary>
    public const string Busy = "There is a deployment currently in progress at this site. Please retry operation later.";

    private readonly ConcurrentDictionary<string, Pass> _inside = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>At how many sites somebody is inside.</summary>
    public int Count => _inside.Count;

    /// <summary>Enters, once the deployment that is just ending has left; null if one is in progress, which would take longer.</summary>
    /// <param name="site">The site.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
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
                if (inside.Ending is not { } ending)
                {
                    return null;
                }

                await ending.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>Enters; null if another is inside.</summary>
    public Pass? TryEnter(string site)
    {
        var pass = new Pass(this, site);
        return _inside.TryAdd(site, pass) ? pass : null;
    }

    /// <summary>The refusal while another deployment is in progress: Kudu's sentence, which clients look for, and which deployment it is, if known.</summary>
    public string BusyAt(string site) => DeploymentAt(site) is { } id ? $"{Busy} In progress: {id}." : Busy;

    /// <summary>The deployment that is performed just now; null if there is none, or it is not known yet.</summary>
    public string? DeploymentAt(string site) => _inside.TryGetValue(site, out Pass? pass) ? pass.Deployment : null;

    /// <summary>Whether a deployment is performed just now that is not about to end.</summary>
    public bool IsBusy(string site) => _inside.TryGetValue(site, out Pass? pass) && pass.Ending is null;

    /// <summary>Completes once nobody is inside; at once if nobody is.</summary>
    public Task LeftAsync(string site) => _inside.TryGetValue(site, out Pass? pass) ? pass.Left : Task.CompletedTask;

    /// <summary>The right to perform a deployment at a site. Disposing gives it back, once.</summary>
    internal sealed class Pass(SiteGate gate, string site) : IDisposable
    {
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource? _ending;

        public string Site => site;

        /// <summary>The deployment that is performed; null until it is known.</summary>
        public string? Deployment { get; set; }

        internal Task Left => _left.Task;

        /// <summary>Completes when the end that is being recorded is over, one way or the other; null while none is.</summary>
        internal Task? Ending => Volatile.Read(ref _ending)?.Task;

        /// <summary>
        /// Says that the deployment's end is being recorded: from here on it may be seen as complete, so newcomers wait for a moment instead of being
        /// refused.
        /// </summary>
        public void Ends() => Volatile.Write(ref _ending, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        /// <summary>Says that the end could not be recorded yet.</summary>
        public void GoesOn() => Interlocked.Exchange(ref _ending, null)?.TrySetResult();

        public void Dispose()
        {
            if (gate._inside.TryRemove(KeyValuePair.Create(site, this)))
            {
                _left.TrySetResult();
            }

            GoesOn();
        }
    }
}
