using System.Globalization;

namespace Nyala.EndToEnd.Support;

/// <summary>
/// What one hook's receiver has heard of numbered events. It answers 500 to some of them the first time, so that retries are among what
/// a kill can hit.
/// </summary>
internal sealed class Ledger : IAsyncDisposable
{
    private readonly Receiver _receiver;
    private readonly int _failEvery;
    private readonly Lock _gate = new();
    private readonly HashSet<int> _failed = [];
    private readonly List<(int Number, long Delivery)> _taken = [];
    private TaskCompletionSource<bool> _changed = New();

    private Ledger(Receiver receiver, int failEvery)
    {
        (_receiver, _failEvery) = (receiver, failEvery);
        receiver.Status = Take;
    }

    public string Url => _receiver.Url;

    /// <summary>What it has answered 200 to, in that order: an event's number and the delivery's, twice where it came twice.</summary>
    public IReadOnlyList<(int Number, long Delivery)> Taken
    {
        get
        {
            lock (_gate)
            {
                return [.. _taken];
            }
        }
    }

    /// <summary>Starts a receiver.</summary>
    /// <param name="failEvery">Which events it fails once: those whose number this divides; none where 0.</param>
    public static async Task<Ledger> StartAsync(int failEvery) => new(await Receiver.StartAsync(), failEvery);

    /// <summary>Waits until each of these events was taken. As long as something comes, it goes on.</summary>
    public Task HearsAsync(IReadOnlyCollection<int> numbers) => UntilAsync(() => numbers.Except(_taken.Select(item => item.Number)).Count());

    /// <summary>
    /// Ends what the killed server had sent, so that it is taken or never will be, and says which of these events are owed still. Their next
    /// requests come from the next server.
    /// </summary>
    public async Task<IReadOnlyCollection<int>> OwedAfterAKillAsync(IReadOnlyCollection<int> accepted)
    {
        await _receiver.ForgetAsync();
        return [.. accepted.Except(Taken.Select(item => item.Number))];
    }

    /// <summary>Waits until so many deliveries were taken.</summary>
    public Task TakesAsync(int count) => UntilAsync(() => Math.Max(0, count - _taken.Distinct().Count()));

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    private async Task UntilAsync(Func<int> missing)
    {
        while (true)
        {
            Task<bool> changed;
            int left;
            lock (_gate)
            {
                left = missing();
                changed = _changed.Task;
            }

            if (left == 0)
            {
                return;
            }

            await changed.InTimeAsync($"one of {left} events that were accepted comes to {Url}");
        }
    }

    private int Take(Received request)
    {
        int number = request.Json.GetProperty("number").GetInt32();
        lock (_gate)
        {
            if (_failEvery > 0 && number % _failEvery == 0 && _failed.Add(number))
            {
                return 500;
            }

            _taken.Add((number, long.Parse(request.WebhookId["msg_".Length..], CultureInfo.InvariantCulture)));
            _changed.TrySetResult(true);
            _changed = New();
            return 200;
        }
    }

    private static TaskCompletionSource<bool> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
