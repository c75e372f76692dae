using System.Text;
using Nyala.Server.Outbound;

namespace Nyala.Server.Hooks;

/// <summary>A callback URL. It is split but never rewritten, because a signature in its query must reach the receiver unchanged.</summary>
/// <param name="Url">The URL without user info.</param>
/// <param name="UserInfo">The <c>user:password</c> of the URL, percent-encoded; null if it has none.</param>
internal sealed record HookUrl(string Url, string? UserInfo)
{
    private const int MaxLength = 4096;
    private const string SchemeEnd = "://";
    private const string Mask = ":***";

    /// <summary>The scheme, in lowercase.</summary>
    public string Scheme => Url[..Url.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant();

    /// <summary>Whether events are sent as HTTP requests.</summary>
    public bool IsHttp => IsHttpUrl(Url);

    /// <summary>Parses a URL. Returns null, with the reason, if it cannot be the URL of a hook.</summary>
    public static HookUrl? Parse(string? text, out string reason)
    {
        text = text?.Trim() ?? "";
        if (text.Length <= MaxLength && ParsePersonal(text, out reason) is var (isPersonal, personal) && isPersonal)
        {
            return personal;
        }

        bool absolute = Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && IsHttpUrl(text);
        reason = text switch
        {
            "" => "'url' is missing. Set it to the callback URL, for example https://example.com/callback.",
            { Length: > MaxLength } => $"'url' has {text.Length} characters; the maximum is {MaxLength}.",
            _ when text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\') => "'url' contains a space, a control character or a backslash. Percent-encode it.",
            _ when !absolute => "'url' must be an absolute URL with scheme and host, for example https://example.com/callback.",
            _ when uri!.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps => $"'url' has the scheme '{uri.Scheme}'. The scheme must be http, https, mailto, tel or sms.",
            _ when !NamesHost(uri) || HasOddBrackets(text) => "'url' has no host, or its host is not valid.",
            _ => "",
        };
        return reason.Length == 0 ? Split(text) : null;
    }

    /// <summary>Whether the password is masked, as in responses. Such a URL can name a hook, but is no use as a callback.</summary>
    public bool IsMasked => UserInfo?.EndsWith(Mask, StringComparison.Ordinal) == true;

    /// <summary>Returns the URL to send to. Its path and query are unchanged if the URL is plain ASCII. A fragment is never sent.</summary>
    public Uri ToUri()
    {
        if (!IsHttp)
        {
            return new Uri(Url);
        }

        int fragment = Url.IndexOf('#', StringComparison.Ordinal);
        string sent = fragment < 0 ? Url : Url[..fragment];

        // Without this, an empty path would stay empty in the request line, which no server accepts.
        int path = AuthorityEnd(sent);
        if (path == sent.Length || sent[path] == '?')
        {
            sent = sent.Insert(path, "/");
        }

        return new Uri(sent, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = Ascii.IsValid(sent) });
    }

    /// <summary>Returns the <c>Authorization</c> header for <paramref name="userInfo"/>.</summary>
    public static string Authorization(string userInfo)
    {
        // A user name without a password still needs the colon (RFC 7617).
        string pair = userInfo.Contains(':', StringComparison.Ordinal) ? userInfo : userInfo + ":";
        return "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(pair)));
    }

    /// <summary>Returns the URL for display: with the user name, and the password masked.</summary>
    public static string Show(string url, string? userInfo)
    {
        if (userInfo is null)
        {
            return url;
        }

        int colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        string shown = colon < 0 ? userInfo : userInfo[..colon] + Mask;
        return url.Insert(AuthorityStart(url), shown + "@");
    }

    /// <summary>
    /// Returns only scheme, host and port: for logs, and for readers to whom the rest would give access to the receiver. Of a person's address, only the scheme is shown.
    /// </summary>
    public static string Origin(string url) => IsHttpUrl(url) ? url[..AuthorityEnd(url)] : url[..(url.IndexOf(':', StringComparison.Ordinal) + 1)] + CustomHeader.Mask;

    private static bool IsHttpUrl(string text) => text.Contains(SchemeEnd, StringComparison.Ordinal);

    /// <summary>Parses the address of a person: mail or phone.</summary>
    /// <returns>Whether the text has the scheme of one; and the URL, null if it is not valid.</returns>
    private static (bool IsPersonal, HookUrl? Url) ParsePersonal(string text, out string reason)
    {
        reason = "";
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string scheme = colon < 0 ? "" : text[..colon].ToLowerInvariant();
        if (scheme is not ("mailto" or "tel" or "sms"))
        {
            return (false, null);
        }

        if (IsHttpUrl(text))
        {
            reason = $"'url' is not a valid {scheme}: url: the address follows the colon, without slashes.";
            return (true, null);
        }

        string? address = scheme == "mailto" ? MailAddress.Parse(text[(colon + 1)..], out string problem) : PhoneNumber.Parse(text[(colon + 1)..], out problem);
        reason = address is null ? $"'url' is not a valid {scheme}: url: {problem}" : "";
        return (true, address is null ? null : new HookUrl($"{scheme}:{address}", null));
    }

    private static bool NamesHost(Uri uri)
    {
        try
        {
            return uri.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            // Characters that are not allowed in a name are found only when the name is converted to ASCII.
            return false;
        }
    }

    /// <summary>
    /// Whether there are brackets in the user info, an unclosed bracket, or anything but a port after the brackets of the host. .NET reads such a URL
    /// differently: with another host than the one after the user info, or with a path without its slash.
    /// </summary>
    private static bool HasOddBrackets(string text)
    {
        ReadOnlySpan<char> authority = text.AsSpan(AuthorityStart(text)..AuthorityEnd(text));
        int at = authority.LastIndexOf('@') + 1;
        ReadOnlySpan<char> host = authority[at..];
        int end = host.IndexOf(']');
        return authority[..at].IndexOfAny('[', ']') >= 0 || (end < 0 ? host.Contains('[') : end + 1 < host.Length && host[end + 1] != ':');
    }

    private static HookUrl Split(string text)
    {
        int start = AuthorityStart(text);
        int end = AuthorityEnd(text);
        int at = text.LastIndexOf('@', end - 1, end - start);
        return at < 0 ? new HookUrl(text, null) : new HookUrl(text.Remove(start, at + 1 - start), text[start..at]);
    }

    private static int AuthorityStart(string url) => url.IndexOf(SchemeEnd, StringComparison.Ordinal) + SchemeEnd.Length;

    private static int AuthorityEnd(string url)
    {
        int start = AuthorityStart(url);
        int length = url.AsSpan(start).IndexOfAny("/?#");
        return length < 0 ? url.Length : start + length;
    }
}
