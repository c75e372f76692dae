namespace Nyala.Peers;

/// <summary>The work of a run.</summary>
/// <param name="Requests">The number of events to deliver.</param>
/// <param name="Publishers">The number of parallel publishers.</param>
/// <param name="Workers">The maximum number of deliveries in flight.</param>
/// <param name="WarmUp">The number of events to deliver before the measured ones.</param>
internal sealed record Load(int Requests, int Publishers, int Workers, int WarmUp)
{
    /// <summary>Calls <paramref name="publish"/> once for each event, from all publishers in parallel.</summary>
    public Task PublishAsync(int events, Func<Task> publish)
    {
        int left = events;
        return Task.WhenAll(Enumerable.Range(0, Publishers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await publish();
            }
        })));
    }
}
