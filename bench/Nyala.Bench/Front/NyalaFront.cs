using System.Net.Http.Json;

namespace Nyala.Bench.Front;

/// <summary>The Nyala server in a separate process, on a data folder with one hook. It has not responded to any request yet.</summary>
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
        await SubscribeAsync(executable, data, receiver, cancellationToken);
        ColdProcess process = Launch(executable, data);
        try
        {
            return new NyalaFront(process, await process.ReadyAsync(cancellationToken), data);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    // The file keeps its last number if the server is gone.
    public ValueTask<long> PendingAsync(CancellationToken cancellationToken) =>
        _process.HasExited ? throw new BenchException("The server ended during the run.") : ValueTask.FromResult(_progress.Pending());

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

    private static ColdProcess Launch(string? executable, string data) =>
        executable is null ? ColdProcess.Start(data, Token) : ColdProcess.StartPackaged(executable, data, Token);

    /// <summary>Creates the data folder and its hook with a server that then stops, so that the measured one is cold.</summary>
    private static async Task SubscribeAsync(string? executable, string data, Uri receiver, CancellationToken cancellationToken)
    {
        using ColdProcess process = Launch(executable, data);
        using var http = new HttpClient { BaseAddress = await process.ReadyAsync(cancellationToken) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        using HttpResponseMessage hook = await http.PostAsJsonAsync("api/hooks", new { Event = Type, Url = receiver }, cancellationToken);
        hook.EnsureSuccessStatusCode();
    }
}
