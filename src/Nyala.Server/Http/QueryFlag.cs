using Microsoft.Extensions.Primitives;

namespace Nyala.Server.Http;

/// <summary>Reads a query parameter that is true or false. Kudu's clients send <c>true</c>, <c>True</c> or <c>1</c>.</summary>
internal static class QueryFlag
{
    /// <summary>Returns the value; null if the parameter is absent or is not a flag, see <see cref="IsFlag"/>.</summary>
    public static bool? Read(StringValues values) => values is not [{ } text] ? null
        : text.Equals("true", StringComparison.OrdinalIgnoreCase) || text == "1" ? true
        : text.Equals("false", StringComparison.OrdinalIgnoreCase) || text == "0" ? false
        : null;

    /// <summary>Whether a parameter is absent or is a flag, given once.</summary>
    public static bool IsFlag(StringValues values) => values.Count == 0 || Read(values) is not null;
}
