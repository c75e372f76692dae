using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Begins the epochs of lanes. Requests that arrive during a write share the next one, because one event may wake very many lanes.</summary>
internal sealed class Epochs(IStore store)
{
    private readonly Lock _gate = new();
    private List<Beginning> _waiting = [];
    private bool _writing;

    /// <summary>Begins the hook's next epoch. From then on, no outcome of an older lane is written.</summary>
    /// <returns>The epoch; 0 if there is no such hook.</returns>
    public Task<long> BeginAsync(long hook)
    {
        var beginning = new Beginning(hook);
        lock (_gate)
        {
            _waiting.Add(beginning);
            if (!_writing)
            {
                _writing = true;
                _ = Task.Run(WriteAllAsync);
            }
        }

        return beginning.Task;
    }

    private async Task WriteAllAsync()
    {
        while (TakeWaiting() is { Count: > 0 } batch)
        {
            try
            {
                long[] epochs = await WriteAsync(batch);
                for (int i = 0; i < epochs.Length; i++)
                {
                    batch[i].SetResult(epochs[i]);
                }
            }
            catch (Exception error)
            {
                // Each lane retries after a while.
                batch.ForEach(beginning => beginning.SetException(error));
            }
        }
    }

    private List<Beginning> TakeWaiting()
    {
        lock (_gate)
        {
            List<Beginning> batch = _waiting;
            _waiting = [];
            _writing = batch.Count > 0;
            return batch;
        }
    }

    private async Task<long[]> WriteAsync(List<Beginning> batch)
    {
        try
        {
            return await store.WriteAsync(tables => Each(batch, tables.Hooks.NextEpoch));
        }
        catch (StoreUnavailableException)
        {
            // Accepted deliveries are sent even if the disk is full. Until it has space, no other lane can begin an epoch either.
            return await store.ReadAsync(tables => Each(batch, tables.Hooks.Epoch));
        }
    }

    private static long[] Each(List<Beginning> batch, Func<long, long?> epoch) => [.. batch.Select(beginning => epoch(beginning.Hook) ?? 0)];

    private sealed class Beginning(long hook) : TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Hook => hook;
    }
}
