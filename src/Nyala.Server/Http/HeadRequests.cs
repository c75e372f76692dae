namespace Nyala.Server.Http;

/// <summary>Serves <c>HEAD</c> wherever <c>GET</c> is served, with the same status and headers, and without a body.</summary>
internal static class HeadRequests
{
    /// <summary>Routes a HEAD request as GET. The web server sends no body for HEAD.</summary>
    public static void UseHeadForGet(this IApplicationBuilder app) =>
        app.Use(next => http => HttpMethods.IsHead(http.Request.Method) ? ServeAsync(http, next) : next(http));

    private static async Task ServeAsync(HttpContext http, RequestDelegate next)
    {
        CancellationToken gone = http.RequestAborted;
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(gone);
        Stream body = http.Response.Body;
        http.Request.Method = HttpMethods.Get;
        http.RequestAborted = answered.Token;
        http.Response.Body = new DiscardedBody(answered);
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (answered.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            // The headers are complete, and the rest is not needed.
        }
        finally
        {
            http.Response.Body = body;
            http.RequestAborted = gone;
            http.Request.Method = HttpMethods.Head;
        }
    }

    /// <summary>Discards what is written. The first flush cancels the request, so that a response that would go on, such as an event stream, ends.</summary>
    private sealed class DiscardedBody(CancellationTokenSource answered) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.CompletedTask;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public override void Flush() => answered.Cancel();

        public override Task FlushAsync(CancellationToken cancellationToken) => answered.CancelAsync();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
