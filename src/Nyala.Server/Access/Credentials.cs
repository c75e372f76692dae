using System.Net.Http.Headers;

namespace Nyala.Server.Access;

/// <summary>
/// Reads the token that a request brings: as Bearer, or as the password of Basic with any user name, which is what Kudu's
/// clients, git and browsers send once they are challenged.
/// </summary>
internal static class Credentials
{
    /// <summary>The token in an <c>Authorization</c> header; null if there is none that can be read.</summary>
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
