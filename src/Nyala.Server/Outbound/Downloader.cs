using System.Buffers;
using System.Net;
using System.Text;
using Nyala.Server.Outbound.Channels.Http;

namespace Nyala.Server.Outbound;

/// <summary>How a download ended.</summary>
internal enum DownloadEnd
{
    Complete,
    TooLarge,
    Failed,
}

/// <summary>Downloads a file from a server that may be hostile. As for hooks, the address guard checks every connection and no redirect is followed.</summary>
internal sealed class Downloader(OutboundOptions options, AddressGuard guard, IResolver resolver, OutboundInstruments instruments, TimeProvider clock) : IDisposable
{
    private const int ChunkSize = 128 * 1024;
    private const int MaxShown = 200;

    private readonly ConnectionPools _pools = new(new ConnectorParts(guard, resolver, options, instruments, clock));

    /// <summary>Writes the file as it is received. An error while writing is thrown to the caller.</summary>
    /// <param name="url">An http or https URL. User info in it is sent as Basic credentials.</param>
    /// <param name="to">The stream to write to.</param>
    /// <param name="most">The maximum size in bytes.</param>
    /// <param name="limit">The time limit, from the name lookup to the last byte.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <returns>
    /// The result. If the download failed, also the reason as complete sentences. It contains no part of the URL except host and port, but it quotes the target of
    /// a redirect, which can repeat the path and the query.
    /// </returns>
    /// <exception cref="OperationCanceledException">The caller canceled the download.</exception>
    public async Task<(DownloadEnd End, string Reason)> SaveAsync(Uri url, Stream to, long most, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using HttpRequestMessage request = Compose(url);
            using ConnectionPools.Lease lease = _pools.Rent(TlsSettings.System);
            using HttpResponseMessage response = await lease.Invoker.SendAsync(request, either.Token);
            if (Refuses(response) is { } refusal)
            {
                return (DownloadEnd.Failed, refusal);
            }

            if (response.Content.Headers.ContentLength > most)
            {
                return (DownloadEnd.TooLarge, "");
            }

            await using Stream content = await response.Content.ReadAsStreamAsync(either.Token);
            return await CopyAsync(content, to, most, either.Token) ? (DownloadEnd.Complete, "") : (DownloadEnd.TooLarge, "");
        }
        catch (WriteFailedException error)
        {
            throw new IOException(error.Message, error.InnerException) { HResult = error.InnerException!.HResult };
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return (DownloadEnd.Failed, ExceptionClassifier.Classify(error, exchange: null, timeout.IsCancellationRequested, limit).Reason);
        }
    }

    public void Dispose() => _pools.Dispose();

    private static HttpRequestMessage Compose(Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", SignedRequest.UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (url.UserInfo.Length > 0)
        {
            string credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo.Contains(':', StringComparison.Ordinal) ? url.UserInfo : url.UserInfo + ":")));
            request.Headers.TryAddWithoutValidation("Authorization", "Basic " + credentials);
        }

        return request;
    }

    private static string? Refuses(HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        if (status is >= 300 and <= 399)
        {
            string to = response.Headers.Location?.OriginalString is { Length: > 0 } target ? $" and a redirect to {(target.Length > MaxShown ? target[..MaxShown] + "…" : target)}" : "";
            return $"The server responded with {status}{to}. Redirects are not followed. Use the URL of the file itself.";
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return $"The server responded with {status} instead of 200.";
        }

        return response.Content.Headers.ContentEncoding.FirstOrDefault(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase)) is { } coded
            ? $"The server sent it with the content coding '{(coded.Length > MaxShown ? coded[..MaxShown] + "…" : coded)}', which was not requested."
            : null;
    }

    /// <summary>Copies to the end of the stream; false if the stream exceeds the maximum size.</summary>
    private static async Task<bool> CopyAsync(Stream content, Stream to, long most, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            long size = 0;
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(0, ChunkSize), cancellationToken)) > 0)
            {
                size += read;
                if (size > most)
                {
                    return false;
                }

                await WriteAsync(to, buffer.AsMemory(0, read), cancellationToken);
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Distinguishes errors of the local disk from errors of the connection, which have the same exception type.</summary>
    private static async Task WriteAsync(Stream to, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await to.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException error)
        {
            throw new WriteFailedException(error);
        }
    }

    private sealed class WriteFailedException(IOException inner) : Exception(inner.Message, inner);
}
