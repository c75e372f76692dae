using System.Net.Http.Headers;

namespace Nyala.Server.Access;

/// <summary>
/// Reads the token of a request. It is sent as Bearer, or as the password of Basic with any user name, as Kudu's clients, git and browsers do after a
/// challenge.
/// </summary>
internal static class Credentials
{
    /// <summary>Returns the token in an <c>Authorization</c> header; null if the header contains no readable token.</summary>
    public static string? TokenIn(string? header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out AuthenticationHeaderValue? value) || value.Parameter is not { Length: > 0 } parameter)
        {
            return null;
        }

        if (value.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return parameter;
        }

        return BasicCredentials.TryRead(value, out BasicCredentials basic) && basic.Password.Length > 0 ? basic.Password : null;
    }
}
