using System.Collections.Concurrent;

namespace Nyala.Server.Deploying;

/// <summary>Lets one deployment at a time be performed at a site.</summary>
internal sealed class SiteGate
{
    /// <summary>What a caller is told who comes while one is.</summary>
    public const string Busy = "There is a deployment currently in progress at this site. Please retry operation later.";

    private readonly ConcurrentDictionary<string, Pass> _inside = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>At how many sites somebody is inside.</summary>
    public int Count => _inside.Count;

    /// <summary>Enters; null where another is inside.</summary>
    public Pass? TryEnter(string site)
    {
        var pass = new Pass(this, site);
        return _inside.TryAdd(site, pass) ? pass : null;
    }

    /// <summary>Completes once nobody is inside; at once where that is so.</summary>
    public Task LeftAsync(string site) => _inside.TryGetValue(site, out Pass? pass) ? pass.Left : Task.CompletedTask;

    /// <summary>The right to perform a deployment at a site. Disposing gives it back, once.</summary>
    internal sealed class Pass(SiteGate gate, string site) : IDisposable
    {
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Site => site;

        internal Task Left => _left.Task;

        public void Dispose()
        {
            if (gate._inside.TryRemove(KeyValuePair.Create(site, this)))
            {
                _left.TrySetResult();
            }
        }
    }
}
