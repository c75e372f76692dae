using Microsoft.Extensions.Primitives;

namespace Nyala.Server.Http;

/// <summary>A parameter of the query that is true or false, as Kudu's clients write it: <c>true</c>, <c>True</c> or <c>1</c>.</summary>
internal static class QueryFlag
{
    /// <summary>The value; null if the parameter is absent, or no flag, see <see cref="IsFlag"/>.</summary>
    public static bool? Read(StringValues values) => values is not [{ } text] ? null
        : text.Equals("true", StringComparison.OrdinalIgnoreCase) || text == "1" ? true
        : text.Equals("false", StringComparison.OrdinalIgnoreCase) || text == "0" ? false
        : null;

    /// <summary>Whether a parameter is absent, or a flag.</summary>
    public static bool IsFlag(StringValues values) => values.Count == 0 || Read(values) is not null;
}
