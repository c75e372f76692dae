using System.Text;
using Nyala.Server.Outbound;

namespace Nyala.Server.Hooks;

/// <summary>A callback URL, taken apart but never rewritten: a signature in its query must reach the receiver as it was given.</summary>
/// <param name="Url">The URL without user info.</param>
/// <param name="UserInfo"><c>user:password</c> as it stood in the URL, percent-encoded; null if there was none.</param>
internal sealed record HookUrl(string Url, string? UserInfo)
{
    private const int MaxLength = 4096;
    private const string SchemeEnd = "://";
    private const string Mask = ":***";

    /// <summary>Reads a URL; null if it cannot be a hook's, with the reason.</summary>
    public static HookUrl? Parse(string? text, out string reason)
    {
        text = text?.Trim() ?? "";
        bool absolute = Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && text.Contains(SchemeEnd, StringComparison.Ordinal);
        reason = text switch
        {
            "" => "'url' is missing: give the callback, for example https://example.com/callback.",
            { Length: > MaxLength } => $"'url' has {text.Length} characters; at most {MaxLength} are taken.",
            _ when text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\') => "'url' holds a space, a control character or a backslash; percent-encode it.",
            _ when !absolute => "'url' is not an absolute URL: give scheme and host, for example https://example.com/callback.",
            _ when uri!.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps => $"'url' has the scheme '{uri.Scheme}': only http and https are called.",
            _ when !NamesHost(uri) || HasOddBrackets(text) => "'url' names no host, or one that cannot be.",
            _ => "",
        };
        return reason.Length == 0 ? Split(text) : null;
    }

    /// <summary>Whether the password is one as reads show it: it names a hook, and opens nothing.</summary>
    public bool IsMasked => UserInfo?.EndsWith(Mask, StringComparison.Ordinal) == true;

    /// <summary>The address guard's refusal of this URL already by its literal address or its port; null if there is none.</summary>
    public AddressRefusal? RefusedBy(AddressGuard guard) => guard.Judge(ToUri());

    /// <summary>The URL to send to. Its path and query stay as they were given, if they are plain ASCII; a fragment is never sent.</summary>
    public Uri ToUri()
    {
        int fragment = Url.IndexOf('#', StringComparison.Ordinal);
        string sent = fragment < 0 ? Url : Url[..fragment];

        // Left as it is, an empty path would stay empty in the request line, which no server reads.
        int path = AuthorityEnd(sent);
        if (path == sent.Length || sent[path] == '?')
        {
            sent = sent.Insert(path, "/");
        }

        return new Uri(sent, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = Ascii.IsValid(sent) });
    }

    /// <summary>The <c>Authorization</c> header that <paramref name="userInfo"/> stands for.</summary>
    public static string Authorization(string userInfo)
    {
        // A name without a password still takes its colon (RFC 7617).
        string pair = userInfo.Contains(':', StringComparison.Ordinal) ? userInfo : userInfo + ":";
        return "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(pair)));
    }

    /// <summary>The URL for people to read: with the user's name, its password masked.</summary>
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

    /// <summary>No more than scheme, host and port, for those whom the rest would open the receiver to, and for logs.</summary>
    public static string Origin(string url) => url[..AuthorityEnd(url)];

    private static bool NamesHost(Uri uri)
    {
        try
        {
            return uri.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            // A character that no name may hold is found only when the name is put into ASCII.
            return false;
        }
    }

    /// <summary>
    /// Whether there are brackets anywhere except around the host, followed only by a port. .NET reads that in its own way: another host
    /// than the one behind the user info, or a path without its slash.
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
