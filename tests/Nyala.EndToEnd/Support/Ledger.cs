using System.Globalization;

namespace Nyala.EndToEnd.Support;

/// <summary>
/// Records the numbered events that the receiver of one hook gets. It returns 500 to the first delivery of some events, so that a kill
/// can also hit retries.
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

    /// <summary>The deliveries that got a 200, in order: the number of the event and the id of the delivery. Repeated deliveries are repeated here.</summary>
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
    /// <param name="failEvery">Events whose number is divisible by this value fail once; 0 fails none.</param>
    public static async Task<Ledger> StartAsync(int failEvery) => new(await Receiver.StartAsync(), failEvery);

    /// <summary>Waits until each of these events was received. The time limit starts again with each event.</summary>
    public Task HearsAsync(IReadOnlyCollection<int> numbers) => UntilAsync(() => numbers.Except(_taken.Select(item => item.Number)).Count());

    /// <summary>
    /// Ends the requests of the killed server, so that each was received or never will be, and returns which of these events are still missing.
    /// The next server has to send them.
    /// </summary>
    public async Task<IReadOnlyCollection<int>> OwedAfterAKillAsync(IReadOnlyCollection<int> accepted)
    {
        await _receiver.ForgetAsync();
        return [.. accepted.Except(Taken.Select(item => item.Number))];
    }

    /// <summary>Waits until this number of different deliveries was received.</summary>
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
