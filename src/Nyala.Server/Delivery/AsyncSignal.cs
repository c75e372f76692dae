using System.Threading.Channels;

namespace Nyala.Server.Delivery;

/// <summary>A signal that one loop waits for. Set any number of times before the wait, it is there once.</summary>
internal sealed class AsyncSignal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _channel.Writer.TryWrite(true);

    public async ValueTask WaitAsync(CancellationToken cancellationToken = default) => await _channel.Reader.ReadAsync(cancellationToken);
}
