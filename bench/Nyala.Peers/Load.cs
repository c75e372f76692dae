namespace Nyala.Peers;

/// <summary>What to do.</summary>
/// <param name="Requests">Events to deliver.</param>
/// <param name="Publishers">Publishers at work at a time.</param>
/// <param name="Workers">Deliveries in flight at most.</param>
internal sealed record Load(int Requests, int Publishers, int Workers)
{
    /// <summary>Calls <paramref name="publish"/> once for each event, from as many publishers as there are.</summary>
    public Task PublishAsync(Func<Task> publish)
    {
        int left = Requests;
        return Task.WhenAll(Enumerable.Range(0, Publishers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await publish();
            }
        })));
    }
}
