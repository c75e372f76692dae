using Nyala.Server.Outbound.Channels;

namespace Nyala.Server.Outbound.Formats;

/// <summary>What a format declares about itself and its service. The documentation prints these as a table.</summary>
/// <param name="Name">The value of a hook's <c>format</c>.</param>
/// <param name="Service">The service that reads the format, or the kind of receiver.</param>
internal sealed record FormatFacts(string Name, string Service)
{
    /// <summary>The log lines that messages for people include.</summary>
    public const int MessageLogLines = 15;

    /// <summary>The scheme of the URLs to which the format can be sent; <c>http</c> stands for https, too.</summary>
    public string Scheme { get; init; } = Uri.UriSchemeHttp;

    /// <summary>The account of the server that hooks of the format use.</summary>
    public AccountKind Account { get; init; }

    /// <summary>The attempts per minute of a hook that has no rate of its own; null for no limit.</summary>
    public int? Rate { get; init; }

    /// <summary>How many of the last lines of a deployment's log an event includes if the hook does not say.</summary>
    public int LogLines { get; init; }

    /// <summary>The service's limits that messages are cut to.</summary>
    public string Limits { get; init; } = "none";

    /// <summary>The responses that accept an event.</summary>
    public string Accepts { get; init; } = "2xx";

    /// <summary>The responses after which a delivery fails without a retry.</summary>
    public string Refuses { get; init; } = "none";

    /// <summary>The responses after which the hook is gone.</summary>
    public string Ends { get; init; } = "410";

    /// <summary>What hooks of the format can set, and may have to.</summary>
    public IReadOnlyList<FormatSetting> Settings { get; init; } = [];

    /// <summary>Whether a URL certainly belongs to the service, so that a new hook with this URL has the format.</summary>
    public Func<Uri, bool> Recognizes { get; init; } = _ => false;

    /// <summary>Why a URL cannot receive the format; null if it can.</summary>
    public Func<Uri, string?> WrongUrl { get; init; } = _ => null;

    /// <summary>Whether the receiver of a new hook with these settings must allow events first.</summary>
    public Func<FormatSettings, bool> NeedsHandshake { get; init; } = _ => false;

    /// <summary>Why a hook of an event type cannot have the format; null if it can. The type may be <c>*</c>.</summary>
    public Func<string, string?> WrongEvent { get; init; } = _ => null;

    /// <summary>Returns why a URL cannot receive the format; null if it can.</summary>
    public string? RefusesUrl(Uri url)
    {
        string scheme = url.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeHttp : url.Scheme;
        return scheme == Scheme ? WrongUrl(url)
            : scheme == Uri.UriSchemeHttp ? $"The format '{Name}' needs a url that starts with {Scheme}:."
            : $"The format '{Name}' cannot be sent to a {scheme}: url. Leave the format out.";
    }

    /// <summary>Whether a hook with this URL has the format if it names none.</summary>
    public bool IsUsualFor(Uri url) => (Scheme != Uri.UriSchemeHttp && url.Scheme == Scheme) || Recognizes(url);
}
