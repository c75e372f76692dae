using System.Globalization;
using System.Net.Http.Headers;

namespace Nyala.Client;

/// <summary>The connections to a server, shared by the clients for its sites.</summary>
internal sealed class Connection : IDisposable
{
    /// <summary>The response header with the time when the token of the request expires.</summary>
    private const string TokenExpiresHeader = "Nyala-Token-Expires";

    private readonly SocketsHttpHandler _handler;
    private long _tokenExpires;

    public Connection(
        Uri server, string? token, TimeSpan? timeout, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect = null)
    {
        ArgumentNullException.ThrowIfNull(server);

        // Redirects are not followed, so that no request and no token reaches another host.
        _handler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2), ConnectCallback = connect };
        Timeout = timeout ?? TimeSpan.FromSeconds(100);
        Timed = Create(server, token, Timeout);
        Untimed = Create(server, token, System.Threading.Timeout.InfiniteTimeSpan);
    }

    /// <summary>The time-out of a call. For an upload, the time-out without progress.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>For calls with a time limit.</summary>
    public HttpClient Timed { get; }

    /// <summary>For calls without a time limit. The caller monitors their progress.</summary>
    public HttpClient Untimed { get; }

    /// <summary>When the token expires, as the server last reported it; null if it does not expire, or before the first response.</summary>
    public DateTimeOffset? TokenExpires => Interlocked.Read(ref _tokenExpires) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public void Dispose()
    {
        Timed.Dispose();
        Untimed.Dispose();
        _handler.Dispose();
    }

    private HttpClient Create(Uri server, string? token, TimeSpan timeout)
    {
        var http = new HttpClient(new ExpiryReader(this), disposeHandler: false) { BaseAddress = new Uri(server.AbsoluteUri.TrimEnd('/') + "/"), Timeout = timeout };
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return http;
    }

    /// <summary>Reads from each response when the token expires.</summary>
    private sealed class ExpiryReader(Connection connection) : DelegatingHandler(connection._handler)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.Headers.TryGetValues(TokenExpiresHeader, out IEnumerable<string>? values)
                && DateTimeOffset.TryParse(values.First(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset expires))
            {
                Interlocked.Exchange(ref connection._tokenExpires, expires.UtcTicks);
            }

            return response;
        }
    }
}
