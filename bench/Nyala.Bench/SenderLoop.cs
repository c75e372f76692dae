using System.Diagnostics;
using Nyala.Client;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Bench;

/// <summary>Signs and sends attempts as deliveries do, without storage, to measure the cost of sending alone.</summary>
internal sealed class SenderLoop(HttpChannel http, Uri address, int concurrency, byte[] body)
{
    private readonly HttpTarget _target = new(http, new KuduFormat(), address, null, TlsSettings.System, [Key()]);

    public async Task<TimeSpan> RunAsync(int requests, CancellationToken cancellationToken)
    {
        int left = requests;
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    AttemptOutcome? outcome = await Sender.SendAsync(
                        new Attempt(_target, "msg_843274823742837422", "bench.sender", 1, _target.Render(new EventContent("bench.sender", body))), cancellationToken);
                    if (outcome is not { Succeeded: true })
                    {
                        throw new BenchException($"An attempt failed: {outcome?.Reason}");
                    }
                }
            },
            cancellationToken)));
        return Stopwatch.GetElapsedTime(started);
    }

    private static byte[] Key() => WebhookSecret.TryDecode(WebhookSecret.Create(), out byte[] key) ? key : throw new UnreachableException();
}
