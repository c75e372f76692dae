using System.Diagnostics;

namespace Nyala.Bench;

/// <summary>
/// Publishes one event for a very large number of hooks that have never received one, while others publish over HTTP. Measures how long the other events
/// take until they are durable, and how much the server's memory grows.
/// </summary>
internal sealed class FanRun(string folder, int hooks, byte[] body, CancellationToken cancellationToken)
{
    /// <summary>The admin token of the measured server.</summary>
    public const string Token = "bench-token";

    private const int Publishers = 4;
    private const int Publishes = 4_000;

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(5);

    public async Task<FanFigures> RunAsync()
    {
        string data = Path.Combine(folder, "fan");
        int left = hooks;
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var receiver = new Receiver(() =>
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                all.TrySetResult();
            }
        });
        await PrepareAsync(data, receiver.Address, hooks);
        using var server = ColdProcess.Start(data, Token);
        using var http = new HttpClient { BaseAddress = await server.ReadyAsync(cancellationToken) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        await PublishAsync(http, () => false);
        List<double> alone = await PublishAsync(http, () => false);
        long before = server.Memory(most: false);

        long start = Stopwatch.GetTimestamp();
        Task fan = SendAsync(http, "bench.fan");
        List<double> beside = await PublishAsync(http, () => all.Task.IsCompleted);
        await all.Task.WaitAsync(cancellationToken);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        await fan;
        return new FanFigures(alone, beside, took, (server.Memory(most: true) - before) / (double)hooks);
    }

    /// <summary>Creates a data folder with a number of hooks for <c>bench.fan</c>.</summary>
    public static async Task PrepareAsync(string data, Uri receiver, int hooks)
    {
        long hook;
        await using (ServerUnderTest server = await ServerUnderTest.StartAsync(data))
        {
            hook = await server.AddHookAsync("bench.fan", receiver);
        }

        using var filler = new Filler(data);
        filler.Twins(hook, hooks - 1);
    }

    /// <summary>Publishes events that no hook receives, until enough are published or <paramref name="over"/> returns true.</summary>
    private async Task<List<double>> PublishAsync(HttpClient http, Func<bool> over)
    {
        List<double>[] times = await Task.WhenAll(Enumerable.Range(0, Publishers).Select(async _ =>
        {
            var own = new List<double>();
            while (own.Count < Publishes / Publishers && !over())
            {
                long start = Stopwatch.GetTimestamp();
                await SendAsync(http, "bench.other");
                own.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                await Task.Delay(Rest, TimeProvider.System, cancellationToken);
            }

            return own;
        }));
        return [.. times.SelectMany(own => own)];
    }

    private async Task SendAsync(HttpClient http, string type)
    {
        using HttpResponseMessage response = await http.PostAsync("api/hooks/publish/" + type, new ByteArrayContent(body), cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}

/// <param name="Alone">The duration in milliseconds of each of the others' publishes without the event.</param>
/// <param name="Beside">The duration in milliseconds of each of their publishes from the publication of the event until its last request was received.</param>
/// <param name="Took">The time from the publication of the event until its last request was received.</param>
/// <param name="MemoryEach">The peak growth of the server's memory in bytes, per hook.</param>
internal readonly record struct FanFigures(List<double> Alone, List<double> Beside, TimeSpan Took, double MemoryEach);
