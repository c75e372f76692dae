using System.Net.Http.Headers;

namespace Nyala.Client;

/// <summary>The connections to a server, shared by the clients of its sites.</summary>
internal sealed class Connection : IDisposable
{
    private readonly SocketsHttpHandler _handler;

    public Connection(Uri server, string? token, TimeSpan? timeout)
    {
        ArgumentNullException.ThrowIfNull(server);

        // A redirect would carry the token to another host, and an environment proxy is no place for a loopback server.
        _handler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        Patience = timeout ?? TimeSpan.FromSeconds(100);
        Usual = Make(server, token, Patience);
        Patient = Make(server, token, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How long a call may take; one that takes its time, how long nothing may happen.</summary>
    public TimeSpan Patience { get; }

    /// <summary>For calls that are over within their time.</summary>
    public HttpClient Usual { get; }

    /// <summary>For calls without a time limit: who makes one watches it himself.</summary>
    public HttpClient Patient { get; }

    public void Dispose()
    {
        Usual.Dispose();
        Patient.Dispose();
        _handler.Dispose();
    }

    private HttpClient Make(Uri server, string? token, TimeSpan timeout)
    {
        var http = new HttpClient(_handler, disposeHandler: false) { BaseAddress = new Uri(server.AbsoluteUri.TrimEnd('/') + "/"), Timeout = timeout };
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return http;
    }
}
