namespace Nyala.Server.Delivery;

/// <summary>Bounds the attempts in flight on this node. Retries get half of the slots at most, so that fresh events never wait for them.</summary>
internal sealed class AttemptSlots(int limit) : IDisposable
{
    private readonly SemaphoreSlim _all = new(limit);
    private readonly SemaphoreSlim _retries = new(Math.Max(1, limit / 2));

    /// <summary>How many are taken.</summary>
    public int InFlight => limit - _all.CurrentCount;

    public async ValueTask TakeAsync(bool first, CancellationToken cancellationToken)
    {
        if (!first)
        {
            await _retries.WaitAsync(cancellationToken);
        }

        try
        {
            await _all.WaitAsync(cancellationToken);
        }
        catch when (!first)
        {
            _retries.Release();
            throw;
        }
    }

    public void Return(bool first)
    {
        _all.Release();
        if (!first)
        {
            _retries.Release();
        }
    }

    public void Dispose()
    {
        _all.Dispose();
        _retries.Dispose();
    }
}
