using System.Net.Http.Json;

namespace Nyala.Bench.Front;

/// <summary>The Nyala server in a separate process with an empty data folder and one hook.</summary>
internal sealed class NyalaFront : IFrontServer
{
    /// <summary>The path of events that no hook matches.</summary>
    public const string NoHook = "api/hooks/publish/bench.none";

    /// <summary>The path of events that one hook matches.</summary>
    public const string OneHook = "api/hooks/publish/" + Type;

    /// <summary>The admin token of the measured server.</summary>
    public const string Token = "bench-token-of-the-front-door";

    private const string Type = "bench.one";

    private readonly ColdProcess _process;
    private readonly string _data;
    private readonly Progress _progress;
    private long _accepted;
    private long _delivered;

    private NyalaFront(ColdProcess process, Uri address, string data)
    {
        (_process, Address, _data) = (process, address, data);
        _progress = new Progress(Path.Combine(data, "nyala.db"));
    }

    public Uri Address { get; }

    public TimeSpan Processor => _process.Processor;

    /// <param name="executable">The <c>nyala</c> executable; null for a server that this program hosts.</param>
    /// <param name="data">The data folder. It is deleted in the end.</param>
    public static async Task<NyalaFront> StartAsync(string? executable, string data, Uri receiver, CancellationToken cancellationToken)
    {
        ColdProcess process = executable is null ? ColdProcess.Start(data, Token) : ColdProcess.StartPackaged(executable, data, Token);
        try
        {
            Uri address = await process.ReadyAsync(cancellationToken);
            using var http = new HttpClient { BaseAddress = address };
            http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
            using HttpResponseMessage hook = await http.PostAsJsonAsync("api/hooks", new { Event = Type, Url = receiver }, cancellationToken);
            hook.EnsureSuccessStatusCode();
            return new NyalaFront(process, address, data);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    public ValueTask<long> PendingAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_progress.Pending());

    public ValueTask VerifyAsync(int accepted, bool delivers, CancellationToken cancellationToken)
    {
        _accepted += accepted;
        _delivered += delivers ? accepted : 0;
        long events = _progress.Events();
        long delivered = _progress.Delivered();
        return events == _accepted && delivered == _delivered
            ? ValueTask.CompletedTask
            : throw new BenchException(
                $"{events} of {_accepted} events are stored, {delivered} of {_delivered} deliveries are done at their first attempt: the figures would mean nothing.");
    }

    public ValueTask DisposeAsync()
    {
        _progress.Dispose();
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
        return default;
    }
}
