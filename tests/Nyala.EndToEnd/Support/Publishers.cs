using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Nyala.Client;

namespace Nyala.EndToEnd.Support;

/// <summary>
/// Publishes numbered events concurrently, each with an idempotency key, until the server is gone. An event without a response is published
/// again with its key, and so are some events with a response. None may be accepted twice.
/// </summary>
internal sealed class Publishers
{
    private const int AtOnce = 8;

    /// <summary>Padding that makes the log of the database grow to its next checkpoint.</summary>
    private static readonly string Padding = new('x', 3000);

    private readonly ConcurrentQueue<int> _unanswered = new();
    private readonly ConcurrentDictionary<int, string> _accepted = new();
    private int _numbers;
    private int _cutOff;
    private int _replayed;

    /// <summary>The numbers of the accepted events.</summary>
    public IReadOnlyCollection<int> Accepted => [.. _accepted.Keys];

    /// <summary>The ids of the accepted events.</summary>
    public IReadOnlyCollection<string> Ids => [.. _accepted.Values];

    /// <summary>The number of publish requests that a kill cut off.</summary>
    public int CutOff => _cutOff;

    /// <summary>The number of cut-off requests whose event turned out to be accepted when it was published again.</summary>
    public int Replayed => _replayed;

    /// <summary>Publishes until the server is gone.</summary>
    /// <param name="server">The server.</param>
    /// <param name="accepted">Called after each event with the number of events accepted since this call began.</param>
    public Task UntilGoneAsync(ServerProcess server, Action<int> accepted)
    {
        int before = _accepted.Count;
        return Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (await PublishAsync(server, _unanswered.TryDequeue(out int number) ? number : Interlocked.Increment(ref _numbers)))
            {
                accepted(_accepted.Count - before);
            }
        }));
    }

    /// <summary>Publishes again the events that got no response.</summary>
    public async Task CatchUpAsync(ServerProcess server)
    {
        while (_unanswered.TryDequeue(out int number))
        {
            Assert.True(await PublishAsync(server, number));
        }
    }

    private async Task<bool> PublishAsync(ServerProcess server, int number)
    {
        try
        {
            if (await PublishOnceAsync(server, number))
            {
                Interlocked.Increment(ref _replayed);
            }

            if (number % 10 == 0)
            {
                Assert.True(await PublishOnceAsync(server, number));
            }

            return true;
        }
        catch (HttpRequestException)
        {
            // The server was killed. Whether it accepted the event is not known.
            Interlocked.Increment(ref _cutOff);
            _unanswered.Enqueue(number);
            return false;
        }
    }

    /// <returns>Whether the event was already accepted before.</returns>
    private async Task<bool> PublishOnceAsync(ServerProcess server, int number)
    {
        string body = string.Create(CultureInfo.InvariantCulture, $$"""{"number":{{number}},"padding":"{{Padding}}"}""");
        PublishedEvent published = await server.Client.PublishAsync(
            "Built", Encoding.UTF8.GetBytes(body), wait: false, idempotencyKey: $"key-{number}", TestContext.Current.CancellationToken);
        Assert.Equal(published.Id, _accepted.GetOrAdd(number, published.Id));
        return published.Replayed;
    }
}
