using System.Globalization;
using System.Text.RegularExpressions;

namespace Nyala.Server.Outbound;

/// <summary>
/// Decides which mail addresses a hook may have: one address in its usual form (the dot-atom of RFC 5322), without quotes, comments or a display name. Pure.
/// </summary>
internal static partial class MailAddress
{
    private const int MaxLength = 254;
    private const int MaxLocal = 64;

    public static bool IsValid(string address) => Parse(address, out _) is not null;

    /// <summary>Returns an address with its domain in lowercase ASCII; null, with the reason, if it is not accepted.</summary>
    public static string? Parse(string text, out string reason)
    {
        int at = text.LastIndexOf('@');
        string local = at < 0 ? "" : text[..at];
        string domain = at < 0 ? "" : Ascii(text[(at + 1)..]);
        reason = text switch
        {
            _ when text.Contains('?', StringComparison.Ordinal) => "it must contain only the address. Subject and text come from the event.",
            _ when text.Contains(',', StringComparison.Ordinal) || text.Contains(';', StringComparison.Ordinal) => "it must contain one address. Add a hook for each.",
            _ when text.Contains('%', StringComparison.Ordinal) => "it must not be percent-encoded.",
            _ when at < 0 => "it has no @.",
            _ when !Local().IsMatch(local) || local.Length > MaxLocal => "the part before the @ must be letters, digits and .!#$&'*+-/=?^_`{|}~, without quotes, spaces or two dots in a row.",
            _ when Uri.CheckHostName(domain) != UriHostNameType.Dns || domain.Length + at + 1 > MaxLength => "the part after the @ must be a domain name.",
            _ => "",
        };
        return reason.Length == 0 ? $"{local}@{domain}" : null;
    }

    private static string Ascii(string domain)
    {
        try
        {
            return new IdnMapping().GetAscii(domain.TrimEnd('.')).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9!#$&'*+/=^_`{|}~-]+(\.[A-Za-z0-9!#$&'*+/=^_`{|}~-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Local();
}
