using System.Text;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Sites;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// The URL of a repository, rebuilt from its parts, so that git reads the same host from it that was checked. Only http and https are allowed: git's other
/// transports run commands, read the server's disk, or cannot be vetted.
/// </summary>
/// <param name="Url">The URL as git gets it: without user info and fragment, and with the host in ASCII. Safe to show.</param>
/// <param name="UserInfo"><c>user:password</c>, decoded; null if there is none. Never shown.</param>
/// <param name="Branch">The branch that the fragment names; null if it names none.</param>
/// <param name="Commit">The commit that the fragment names, in full or only its beginning, in lower case; null if it names none.</param>
internal sealed record RepositoryUrl(Uri Url, string? UserInfo, string? Branch, string? Commit)
{
    private const int MaxLength = 2048;
    private const string Example = "for example https://example.com/shop.git#main";

    /// <summary>The host name that is looked up.</summary>
    public string Host => Url.IdnHost;

    /// <summary>The <c>Authorization</c> header made from the user info; null if there is none.</summary>
    public string? Authorization => UserInfo is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(UserInfo));

    /// <summary>Returns the URL for people, with nothing of the user info, because the user name may be a token as well.</summary>
    public override string ToString() => UserInfo is null ? Url.AbsoluteUri : Url.AbsoluteUri.Insert(Url.Scheme.Length + "://".Length, "***@");

    /// <summary>Reads a URL; null if it is refused. The reason contains nothing of the user info.</summary>
    public static RepositoryUrl? Parse(string? text, out string reason)
    {
        text = text?.Trim() ?? "";
        int hash = text.IndexOf('#', StringComparison.Ordinal);
        string place = hash < 0 ? text : text[..hash];
        string fragment = hash < 0 ? "" : text[(hash + 1)..];
        reason = RefusalOf(text, place);
        Uri? url = reason.Length == 0 ? Read(place, out reason) : null;
        if (url is null || !TryReadFragment(fragment, out string? branch, out string? commit, out reason))
        {
            return null;
        }

        string? userInfo = url.UserInfo.Length == 0 ? null : Uri.UnescapeDataString(url.UserInfo.Contains(':', StringComparison.Ordinal) ? url.UserInfo : url.UserInfo + ":");
        if (userInfo?.Any(char.IsControl) == true)
        {
            reason = "The URL's user info contains a control character.";
            return null;
        }

        return new RepositoryUrl(Plain(url), userInfo, branch, commit);
    }

    private static string RefusalOf(string text, string place) => text switch
    {
        "" => $"The URL is missing. Specify a repository, {Example}.",
        { Length: > MaxLength } => $"The URL has {text.Length} characters; the maximum is {MaxLength}.",
        _ when text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '\\') => "The URL contains a space, a control character or a backslash. Percent-encode it.",
        _ when text.EnumerateRunes().Contains(Rune.ReplacementChar) => "The URL contains an invalid Unicode character.",
        ['-', ..] => "The URL starts with '-', like a command-line option of git.",
        _ when IsSchemed(place, out string scheme) => scheme is "http" or "https" ? "" : $"The URL has the scheme '{scheme}'. The scheme must be http or https.",
        _ when place.Contains("::", StringComparison.Ordinal) => "The URL uses a git transport helper. The scheme must be http or https.",
        _ when place.Contains(':', StringComparison.Ordinal) => "The URL is an ssh URL (host:path), which is not supported. Use the repository's https URL.",
        _ => $"The URL must be absolute, with scheme and host, {Example}.",
    };

    private static bool IsSchemed(string place, out string scheme)
    {
        int end = place.IndexOf("://", StringComparison.Ordinal);
        scheme = end is > 0 and <= 20 ? place[..end].ToLowerInvariant() : "";
        return scheme.Length > 0 && scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.');
    }

    private static Uri? Read(string place, out string reason)
    {
        reason = "";
        try
        {
            if (!Uri.TryCreate(place, UriKind.Absolute, out Uri? url) || !IsPlainHost(url.IdnHost) || !IsPlainAuthority(place))
            {
                reason = "The URL has no host, or its host is not valid.";
            }
            else if (url.Query.Length > 0 || place.Contains('?', StringComparison.Ordinal))
            {
                reason = "The URL has a query ('?'), which is not allowed in the URL of a repository.";
            }
            else if (url.AbsolutePath.Length <= 1)
            {
                reason = $"The URL has no path. Specify the repository, {Example}.";
            }

            return reason.Length == 0 ? url : null;
        }
        catch (UriFormatException)
        {
            // A character that no host name may contain is detected only when the name is converted to ASCII.
            reason = "The URL has no host, or its host is not valid.";
            return null;
        }
    }

    /// <summary>Whether a host can be pinned. A name that cannot be converted to ASCII stays as it is, and a leading sign is an instruction to curl.</summary>
    private static bool IsPlainHost(string host) => host.Length > 0 && Ascii.IsValid(host) && host[0] is not ('-' or '+' or '*');

    /// <summary>Whether the authority can be read in one way only: at most one '@', no zone of an interface, and brackets only around an address.</summary>
    private static bool IsPlainAuthority(string place)
    {
        int start = place.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        int length = place.AsSpan(start).IndexOf('/');
        ReadOnlySpan<char> authority = length < 0 ? place.AsSpan(start) : place.AsSpan(start, length);
        int at = authority.IndexOf('@');
        ReadOnlySpan<char> host = authority[(at + 1)..];
        int close = host.IndexOf(']');
        return !host.Contains('@')
            && !host.Contains('%')
            && authority[..(at + 1)].IndexOfAny('[', ']') < 0
            && (close < 0 ? !host.Contains('[') : host[0] == '[' && (close + 1 == host.Length || host[close + 1] == ':'));
    }

    /// <summary>Rebuilds a URL without the host's final dot, which means the same host but which pinning would treat as another.</summary>
    private static Uri Plain(Uri url)
    {
        string host = url.IdnHost.TrimEnd('.').ToLowerInvariant();
        string written = url.HostNameType == UriHostNameType.IPv6 ? $"[{host}]" : host;
        return new Uri($"{url.Scheme}://{written}:{url.Port}{url.AbsolutePath}");
    }

    private static bool TryReadFragment(string fragment, out string? branch, out string? commit, out string reason)
    {
        (branch, commit, reason) = (null, null, "");
        if (fragment.Length == 0)
        {
            return true;
        }

        if (CommitName.IsValid(fragment))
        {
            commit = fragment.ToLowerInvariant();
            return true;
        }

        branch = fragment.StartsWith(BranchName.Heads, StringComparison.Ordinal) ? fragment[BranchName.Heads.Length..] : fragment;
        bool other = branch.StartsWith("refs/", StringComparison.Ordinal);
        reason = other ? "The text after '#' is a ref other than a branch. Use the name of a branch, or a commit."
            : BranchName.IsValid(branch) ? ""
            : "The text after '#' is neither a valid branch nor a commit (7 to 64 hexadecimal digits).";
        return reason.Length == 0;
    }
}
