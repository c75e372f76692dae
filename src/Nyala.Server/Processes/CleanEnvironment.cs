using System.Collections;

namespace Nyala.Server.Processes;

/// <summary>
/// The environment variables of the server that the processes of a deployment get. These are variables that any shell has, listed by name, so that no token and
/// no option of the server is ever passed on.
/// </summary>
internal static class CleanEnvironment
{
    private static readonly string[] Passed =
        ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "XDG_RUNTIME_DIR", "SSL_CERT_FILE", "SSL_CERT_DIR"];

    /// <summary>The variables that are passed on, with their values.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Variables => Environment
        .GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value ?? ""))
        .Where(variable => IsPassed(variable.Key));

    /// <summary>Whether a variable of the server is passed on.</summary>
    public static bool IsPassed(string name) => Passed.Contains(name) || name.StartsWith("LC_", StringComparison.Ordinal);
}
