using System.Buffers;
using System.Net.Http.Headers;

namespace Nyala.Server.Access;

/// <summary>
/// Reads the token of a request. It is sent as Bearer, or as the password of Basic with any user name, as Kudu's clients, git and browsers do after a
/// challenge.
/// </summary>
internal static class Credentials
{
    private const string Bearer = "Bearer ";

    // RFC 9110, section 11.2.
    private static readonly SearchValues<char> Token68 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <summary>Returns the token in an <c>Authorization</c> header; null if the header contains no readable token.</summary>
    public static string? TokenIn(string? header)
    {
        // Nearly every request. The parser below takes many times as long.
        if (header is not null && header.StartsWith(Bearer, StringComparison.Ordinal) && header.Length > Bearer.Length && !header.AsSpan(Bearer.Length).ContainsAnyExcept(Token68))
        {
            return header[Bearer.Length..];
        }

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
