using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;

namespace Nyala.Server.Access;

/// <summary>Basic credentials (RFC 7617): a user name, which names a person, and a password, which is the token.</summary>
internal readonly record struct BasicCredentials(string User, string Password)
{
    private const int MaxUser = 200;

    /// <summary>Returns the user name of a request; null if it has none, or if it is too long.</summary>
    public static string? UserOf(HttpRequest request) =>
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out AuthenticationHeaderValue? value)
        && TryRead(value, out BasicCredentials basic)
        && basic.User.Length is > 0 and <= MaxUser
            ? basic.User
            : null;

    /// <summary>Reads an <c>Authorization</c> header. Returns false if it does not contain valid Basic credentials.</summary>
    public static bool TryRead([NotNullWhen(true)] AuthenticationHeaderValue? value, out BasicCredentials basic)
    {
        basic = default;
        if (value is not { Parameter: { Length: > 0 } parameter } || !value.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        byte[] decoded = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, decoded, out int length))
        {
            return false;
        }

        string pair = Encoding.UTF8.GetString(decoded, 0, length);
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return false;
        }

        basic = new BasicCredentials(pair[..colon], pair[(colon + 1)..]);
        return true;
    }
}
