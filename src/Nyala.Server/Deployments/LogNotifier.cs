using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Nyala.Server.Deployments;

/// <summary>
/// Tells those who follow a run that its log has grown or that it has ended. It carries nothing: they read the store, so
/// that one who comes late or was slow misses nothing.
/// </summary>
internal sealed class LogNotifier(TimeProvider clock)
{
    private readonly ConcurrentDictionary<Follower, long> _followers = [];
    private readonly TimeProvider _clock = clock;

    /// <summary>Says that there is something new of a run, once it is durable.</summary>
    public void Notify(long run)
    {
        foreach ((Follower follower, long followed) in _followers)
        {
            if (followed == run)
            {
                follower.Notify();
            }
        }
    }

    /// <summary>Begins to follow a run: begin before the first look at the store. Disposing ends it.</summary>
    public Follower Follow(long run)
    {
        var follower = new Follower(this);
        _followers[follower] = run;
        return follower;
    }

    /// <summary>One who follows a run.</summary>
    internal sealed class Follower(LogNotifier feed) : IDisposable
    {
        private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        /// <summary>Completes once there was news since the last time; false if <paramref name="atMost"/> passed without.</summary>
        public async Task<bool> NextAsync(TimeSpan atMost, CancellationToken cancellationToken)
        {
            using var patience = new CancellationTokenSource(atMost, feed._clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                return await _news.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }

        public void Dispose() => feed._followers.TryRemove(this, out _);

        internal void Notify() => _news.Writer.TryWrite(true);
    }
}
