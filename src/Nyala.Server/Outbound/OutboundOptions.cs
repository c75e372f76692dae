using System.Net;

namespace Nyala.Server.Outbound;

/// <summary>Options of the section <c>Outbound</c>: how attempts reach the network.</summary>
internal sealed class OutboundOptions
{
    /// <summary>The time limit for opening a connection, including name lookup and TLS. Default 5 s; 100 ms to <see cref="AttemptTimeout"/>.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The time limit for a whole attempt, including reading the response. Default 10 s, as in Kudu; 100 ms to 5 min.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The maximum number of bytes of a response body to keep. The rest is not read. Default 16384; 0 to 1048576.</summary>
    public int AnswerLimit { get; set; } = 16 * 1024;

    /// <summary>
    /// What hooks may reach although the address guard refuses it by default: networks and addresses (<c>10.20.0.0/16</c>, <c>fd12::7</c>), hosts
    /// (<c>build.internal</c>) and all hosts below a domain (<c>*.corp.example</c>), each with or without a port (<c>10.20.0.7:25</c>,
    /// <c>[fd12::/32]:8080</c>). An entry with a port opens only that port, even if it is blocked as the port of another service. An entry for a host opens
    /// what the host resolves to at each connection, except link-local addresses. A metadata address of a cloud stays blocked unless an entry names exactly
    /// this address. Default empty. Has no effect if <see cref="Proxy"/> is set.
    /// </summary>
    public string[] Allow { get; set; } = [];

    /// <summary>
    /// The egress proxy for every attempt, such as <c>http://proxy.internal:3128</c>, with user info if the proxy requires it. The proxy resolves the names and
    /// decides what may be reached, instead of the address guard. Default empty, which means none. Proxies in environment variables are never used.
    /// </summary>
    public string Proxy { get; set; } = "";

    /// <summary><see cref="Allow"/>, parsed.</summary>
    public IEnumerable<AllowEntry> Allowed => Allow.Select(entry => AllowEntry.Parse(entry, out _)!);

    /// <summary><see cref="Proxy"/>, parsed; null if there is none.</summary>
    public WebProxy? ProxyUrl
    {
        get
        {
            if (Proxy.Length == 0)
            {
                return null;
            }

            var url = new Uri(Proxy);
            string[] pair = url.UserInfo.Split(':', 2);
            var credentials = new NetworkCredential(Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? ""));
            return new WebProxy(new UriBuilder(url) { UserName = "", Password = "" }.Uri) { Credentials = url.UserInfo.Length == 0 ? null : credentials };
        }
    }

    public IEnumerable<string> Validate()
    {
        if (AttemptTimeout < TimeSpan.FromMilliseconds(100) || AttemptTimeout > TimeSpan.FromMinutes(5))
        {
            yield return $"Outbound:AttemptTimeout is {AttemptTimeout}: it must be from 100 ms to 5 min.";
        }

        if (ConnectTimeout < TimeSpan.FromMilliseconds(100) || ConnectTimeout > AttemptTimeout)
        {
            yield return $"Outbound:ConnectTimeout is {ConnectTimeout}: it must be from 100 ms to Outbound:AttemptTimeout ({AttemptTimeout}).";
        }

        if (AnswerLimit is < 0 or > 1024 * 1024)
        {
            yield return $"Outbound:AnswerLimit is {AnswerLimit}: it must be from 0 to 1048576 bytes.";
        }

        foreach (string entry in Allow)
        {
            if (AllowEntry.Parse(entry, out string reason) is null)
            {
                yield return $"Outbound:Allow contains '{entry}': {reason}.";
            }
        }

        bool isProxy = Uri.TryCreate(Proxy, UriKind.Absolute, out Uri? proxy) && proxy is { Scheme: "http", PathAndQuery: "/", Host.Length: > 0 };
        if (Proxy.Length > 0 && !isProxy)
        {
            // The value is not quoted because it may contain a password.
            yield return "Outbound:Proxy must be the http URL of a proxy, without a path, such as http://proxy.internal:3128, or empty to use no proxy.";
        }
    }
}
