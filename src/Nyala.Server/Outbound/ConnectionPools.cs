using System.Net;
using System.Security.Cryptography;

namespace Nyala.Server.Outbound;

/// <summary>
/// The handlers that hold the connections. There is one for each trust, so that a connection opened under one trust is never used for a hook with another. The
/// two handlers without custom certificates serve most hooks and are permanent. The number of other handlers is limited, and unused ones are removed.
/// </summary>
internal sealed class ConnectionPools : IDisposable
{
    public const int MaxKept = 64;

    /// <summary>How long an unused handler is kept. Its connections close sooner, see <see cref="CreateHandler"/>.</summary>
    public static readonly TimeSpan MaxIdle = TimeSpan.FromMinutes(5);

    private readonly ConnectorParts _parts;
    private readonly Kept _checked;
    private readonly Kept _dangerousUnchecked;
    private readonly Dictionary<Trust, Kept> _others = [];
    private readonly Lock _gate = new();

    public ConnectionPools(ConnectorParts parts)
    {
        _parts = parts;
        _checked = new Kept(this, Trust.System);
        _dangerousUnchecked = new Kept(this, Trust.DangerousNone);
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

    /// <summary>Lends the handler of a trust. The handler is kept at least until the loan is disposed.</summary>
    /// <exception cref="CryptographicException">A certificate of the trust cannot be read.</exception>
    public Loan Lend(Trust trust)
    {
        if (trust is { Authorities: null, Client: null })
        {
            return new Loan(this, trust.Insecure ? _dangerousUnchecked : _checked);
        }

        lock (_gate)
        {
            if (!_others.TryGetValue(trust, out Kept? kept))
            {
                kept = new Kept(this, trust);
                _others.Add(trust, kept);
            }

            kept.Loans++;
            DropUnused(kept);
            return new Loan(this, kept);
        }
    }

    public void Dispose()
    {
        foreach (Kept kept in (Kept[])[_checked, _dangerousUnchecked, .. _others.Values])
        {
            kept.Dispose();
        }
    }

    private void GiveBack(Kept kept)
    {
        if (kept == _checked || kept == _dangerousUnchecked)
        {
            return;
        }

        lock (_gate)
        {
            kept.Loans--;
            kept.LastUse = _parts.Clock.GetTimestamp();
        }
    }

    private void DropUnused(Kept newest)
    {
        Kept[] unused = [.. _others.Values.Where(kept => kept.Loans == 0 && kept != newest).OrderBy(kept => kept.LastUse)];
        int excess = _others.Count - MaxKept;
        for (int i = 0; i < unused.Length && (i < excess || _parts.Clock.GetElapsedTime(unused[i].LastUse) >= MaxIdle); i++)
        {
            _others.Remove(unused[i].Trust);
            unused[i].Dispose();
        }
    }

    private SocketsHttpHandler CreateHandler(TlsTerms terms)
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
            MaxResponseHeadersLength = Failure.HeadersLimit,

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

    /// <summary>The loan of a handler for one attempt.</summary>
    internal readonly struct Loan(ConnectionPools owner, Kept kept) : IDisposable
    {
        public HttpMessageInvoker Invoker => kept.Invoker;

        public void Dispose() => owner.GiveBack(kept);
    }

    /// <summary>A handler and its use.</summary>
    internal sealed class Kept : IDisposable
    {
        private readonly TlsTerms _terms;

        public Kept(ConnectionPools owner, Trust trust)
        {
            Trust = trust;
            _terms = new TlsTerms(trust);
            Invoker = new HttpMessageInvoker(owner.CreateHandler(_terms));
        }

        public Trust Trust { get; }

        public HttpMessageInvoker Invoker { get; }

        public int Loans { get; set; }

        public long LastUse { get; set; }

        public void Dispose()
        {
            Invoker.Dispose();
            _terms.Dispose();
        }
    }
}
