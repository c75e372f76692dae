using System.Diagnostics;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>The URL, headers, TLS settings and signing keys of a hook's requests.</summary>
/// <param name="Url">The callback URL, without user info.</param>
/// <param name="Authorization">The <c>Authorization</c> header made from the URL's user info; null if it has none.</param>
/// <param name="Tls">The certificates that the hook trusts and shows.</param>
/// <param name="Keys">The signing keys that are valid until the hook changes.</param>
internal sealed record HttpTarget(IChannel Channel, IFormat Format, Uri Url, string? Authorization, TlsSettings Tls, IReadOnlyList<byte[]> Keys)
    : Target(Channel, Format)
{
    /// <summary>The custom headers, which satisfy <see cref="HeaderRule"/>. Their values are secrets and are masked wherever they are stored.</summary>
    public IReadOnlyList<CustomHeader> Headers { get; init; } = [];

    /// <summary>Makes the <c>Authorization</c> header of each request from its method, URL and time; null if <see cref="Authorization"/> is the same for all.</summary>
    public Func<string, Uri, DateTimeOffset, string>? Authorize { get; init; }

    /// <summary>Whether the hook has a custom header of this name.</summary>
    public bool Has(string header) => Headers.Any(own => own.Name.Equals(header, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The signing key that was replaced last; null if there is none. Each attempt decides whether the key still signs, because the target may outlive it.
    /// </summary>
    public RetiredKey? Retired { get; init; }

    /// <summary>Adds only the scheme, host and port of the URL, because the rest may be a credential.</summary>
    public override void Tag(Activity span, RequestForm form) => span
        .SetTag("http.request.method", form.Method)
        .SetTag("url.scheme", Url.Scheme)
        .SetTag("server.address", Url.IdnHost)
        .SetTag("server.port", Url.Port);
}

/// <summary>A replaced signing key. Requests are also signed with it while receivers switch to the new key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Until">The time at which it expires.</param>
internal sealed record RetiredKey(byte[] Key, DateTimeOffset Until);
