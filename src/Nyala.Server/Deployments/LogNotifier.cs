using System.Collections.Concurrent;
using System.Threading.Channels;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>
/// Notifies the followers of a run that its log has grown or that it has ended. A notification carries no data: followers read the store, so that a late or
/// slow follower misses nothing.
/// </summary>
internal sealed class LogNotifier
{
    private readonly ConcurrentDictionary<Follower, long> _followers = [];
    private readonly TimeProvider _clock;
    private readonly IChangeFeed _feed;

    public LogNotifier(TimeProvider clock, IChangeFeed feed)
    {
        (_clock, _feed) = (clock, feed);
        feed.Subscribe(change =>
        {
            if (change is Change.LogGrew grew)
            {
                Apply(grew.Run);
            }
        });
    }

    /// <summary>Notifies the followers of a run. Call it once the change is durable.</summary>
    public void Notify(long run) => _feed.Announce(new Change.LogGrew(run));

    /// <summary>Starts to follow a run. Call it before the first read of the store. Disposing the follower stops it.</summary>
    public Follower Follow(long run)
    {
        var follower = new Follower(this);
        _followers[follower] = run;
        return follower;
    }

    private void Apply(long run)
    {
        foreach ((Follower follower, long followed) in _followers)
        {
            if (followed == run)
            {
                follower.Notify();
            }
        }
    }

    /// <summary>A follower of one run.</summary>
    internal sealed class Follower(LogNotifier feed) : IDisposable
    {
        private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        /// <summary>Completes once there has been a notification since the last call. Returns false if <paramref name="atMost"/> passes without one.</summary>
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
