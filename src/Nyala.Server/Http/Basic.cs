using System.Net.Http.Headers;
using System.Text;

namespace Nyala.Server.Http;

/// <summary>The user name of Basic credentials, which names a person where the password is the token.</summary>
internal static class Basic
{
    private const int MaxName = 200;

    /// <summary>The user name; null where there is none.</summary>
    public static string? UserOf(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out AuthenticationHeaderValue? value)
            || !value.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
            || value.Parameter is not { } parameter)
        {
            return null;
        }

        byte[] decoded = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, decoded, out int length))
        {
            return null;
        }

        string user = Encoding.UTF8.GetString(decoded, 0, length).Split(':')[0];
        return user.Length is > 0 and <= MaxName ? user : null;
    }
}
