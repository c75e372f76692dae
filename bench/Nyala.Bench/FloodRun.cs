using System.Diagnostics;
using System.Text;

namespace Nyala.Bench;

/// <summary>
/// Publishes over HTTP, first alone, then while four deployers each send one log of a million lines after another. Measures how long a publish takes until it
/// is durable.
/// </summary>
internal sealed class FloodRun(string folder, byte[] body, CancellationToken cancellationToken)
{
    private const int Deployers = 4;
    private const int Lines = 1_000_000;
    private const int Publishes = 1_000;

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(5);

    public async Task<FloodFigures> RunAsync()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(Path.Combine(folder, "flood"));
        using HttpClient http = server.OpenClient();
        for (int i = 0; i < Deployers; i++)
        {
            await SendAsync(http, HttpMethod.Put, $"api/deployments/flood-{i}", Json("""{"status":1,"message":"m","author":"a","deployer":"d"}"""));
        }

        await PublishAsync(http);
        List<double> alone = await PublishAsync(http);
        using var over = new CancellationTokenSource();
        int logs = 0;
        Task flood = Task.WhenAll(Enumerable.Range(0, Deployers).Select(async i =>
        {
            while (!over.IsCancellationRequested)
            {
                await SendAsync(http, HttpMethod.Post, $"api/deployments/flood-{i}/log", new StringContent(new string('\n', Lines)));
                Interlocked.Increment(ref logs);
            }
        }));
        List<double> beside = await PublishAsync(http);
        await over.CancelAsync();
        await flood;
        return new FloodFigures(alone, beside, logs);
    }

    private async Task<List<double>> PublishAsync(HttpClient http)
    {
        var times = new List<double>();
        for (int i = 0; i < Publishes; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await SendAsync(http, HttpMethod.Post, "api/hooks/publish/bench.flood", new ByteArrayContent(body));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await Task.Delay(Rest, TimeProvider.System, cancellationToken);
        }

        return times;
    }

    private async Task SendAsync(HttpClient http, HttpMethod method, string path, HttpContent content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}

/// <param name="Alone">The duration in milliseconds of each publish without the logs.</param>
/// <param name="Beside">The duration in milliseconds of each publish beside the logs.</param>
/// <param name="Logs">The number of logs received in that time.</param>
internal readonly record struct FloodFigures(List<double> Alone, List<double> Beside, int Logs);
