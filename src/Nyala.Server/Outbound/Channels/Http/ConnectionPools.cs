using System.Net;
using System.Security.Cryptography;

namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>
/// The handlers that hold the connections. There is one for each set of TLS settings, so that a connection is never used for a hook with other settings. The
/// two handlers without custom certificates serve most hooks and are permanent. The number of other handlers is limited, and unused ones are removed.
/// </summary>
internal sealed class ConnectionPools : IDisposable
{
    public const int MaxKept = 64;

    /// <summary>How long an unused handler is kept. Its connections close sooner, see <see cref="CreateHandler"/>.</summary>
    public static readonly TimeSpan MaxIdle = TimeSpan.FromMinutes(5);

    private readonly ConnectorParts _parts;
    private readonly PooledHandler _checked;
    private readonly PooledHandler _dangerousUnchecked;
    private readonly Dictionary<TlsSettings, PooledHandler> _others = [];
    private readonly Lock _gate = new();

    public ConnectionPools(ConnectorParts parts)
    {
        _parts = parts;
        _checked = new PooledHandler(this, TlsSettings.System);
        _dangerousUnchecked = new PooledHandler(this, TlsSettings.DangerousNone);
    }

    /// <summary>The number of handlers other than the two permanent ones.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _others.Count;
            }
        }
    }

    /// <summary>Returns a lease on the handler for TLS settings. The handler is kept at least until the lease is disposed.</summary>
    /// <exception cref="CryptographicException">A certificate in the settings cannot be read.</exception>
    public Lease Rent(TlsSettings tls)
    {
        if (tls is { Authorities: null, Client: null })
        {
            return new Lease(this, tls.Insecure ? _dangerousUnchecked : _checked);
        }

        lock (_gate)
        {
            if (!_others.TryGetValue(tls, out PooledHandler? kept))
            {
                kept = new PooledHandler(this, tls);
                _others.Add(tls, kept);
            }

            kept.Leases++;
            DropUnused(kept);
            return new Lease(this, kept);
        }
    }

    public void Dispose()
    {
        foreach (PooledHandler kept in (PooledHandler[])[_checked, _dangerousUnchecked, .. _others.Values])
        {
            kept.Dispose();
        }
    }

    private void Return(PooledHandler kept)
    {
        if (kept == _checked || kept == _dangerousUnchecked)
        {
            return;
        }

        lock (_gate)
        {
            kept.Leases--;
            kept.LastUse = _parts.Clock.GetTimestamp();
        }
    }

    private void DropUnused(PooledHandler newest)
    {
        PooledHandler[] unused = [.. _others.Values.Where(kept => kept.Leases == 0 && kept != newest).OrderBy(kept => kept.LastUse)];
        int excess = _others.Count - MaxKept;
        for (int i = 0; i < unused.Length && (i < excess || _parts.Clock.GetElapsedTime(unused[i].LastUse) >= MaxIdle); i++)
        {
            _others.Remove(unused[i].Tls);
            unused[i].Dispose();
        }
    }

    private SocketsHttpHandler CreateHandler(TlsContext terms)
    {
        OutboundOptions options = _parts.Options;
        var connector = new Connector(_parts, terms);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            SslOptions = terms.For(null),
            PlaintextStreamFilter = connector.AttachAsync,

            // The rest of a response is cut off rather than drained, however long it is.
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = ExceptionClassifier.HeadersLimit,

            // Lanes limit the requests in flight. A connection lives long enough to be reused and short enough to follow DNS changes.
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        };
        if (options.ProxyUrl is { } proxy)
        {
            // Connections go to the proxy. The framework does the TLS handshake with the receiver behind it.
            handler.UseProxy = true;
            handler.Proxy = proxy;
            handler.ConnectTimeout = options.ConnectTimeout;
        }
        else
        {
            handler.ConnectCallback = connector.ConnectAsync;
        }

        return handler;
    }

    /// <summary>The lease of a handler for one attempt.</summary>
    internal readonly struct Lease(ConnectionPools owner, PooledHandler kept) : IDisposable
    {
        public HttpMessageInvoker Invoker => kept.Invoker;

        public void Dispose() => owner.Return(kept);
    }

    /// <summary>A handler and its use.</summary>
    internal sealed class PooledHandler : IDisposable
    {
        private readonly TlsContext _terms;

        public PooledHandler(ConnectionPools owner, TlsSettings tls)
        {
            Tls = tls;
            _terms = new TlsContext(tls);
            Invoker = new HttpMessageInvoker(owner.CreateHandler(_terms));
        }

        public TlsSettings Tls { get; }

        public HttpMessageInvoker Invoker { get; }

        public int Leases { get; set; }

        public long LastUse { get; set; }

        public void Dispose()
        {
            Invoker.Dispose();
            _terms.Dispose();
        }
    }
}
