using System.Buffers;
using System.Net;

namespace Nyala.Client;

/// <summary>A request body that is sent as it is read, and reports its progress.</summary>
internal sealed class ProgressContent(Stream from, Action<long> sent) : HttpContent
{
    private const int ChunkSize = 128 * 1024;

    private readonly long? _length = from.CanSeek ? from.Length - from.Position : null;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            long count = 0;
            int read;
            while ((read = await from.ReadAsync(buffer.AsMemory(0, ChunkSize), cancellationToken).ConfigureAwait(false)) > 0)
            {
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                count += read;
                sent(count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length ?? 0;
        return _length is not null;
    }
}
