using System.Buffers;

namespace Nyala.Server.Sites;

/// <summary>
/// Decides which settings are masked in logs. A setting does not say whether it is a secret, so all are masked except those whose values are part of ordinary
/// text or of the server's own messages. Pure.
/// </summary>
internal static class MaskRule
{
    private static readonly SearchValues<char> Number = SearchValues.Create("0123456789.");

    /// <summary>Settings that tell the server or a deploy script what to do. Messages about them show their values.</summary>
    private static readonly HashSet<string> Shown = new(StringComparer.OrdinalIgnoreCase)
    {
        KuduSettings.Project, KuduSettings.IdleTimeout, "WEBROOT_PATH", "KUDU_SYNC_CMD", "IN_PLACE_DEPLOYMENT", "PATH",
    };

    /// <summary>The names of environments, configurations, log levels and hosts. Masking them would hide what a log says.</summary>
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "production", "development", "staging", "testing", "preview", "release", "default", "enabled", "disabled", "verbose", "information", "warning", "critical",
        "localhost",
    };

    /// <summary>Whether the value of a setting is masked. A value that is too short is not masked either, see <see cref="Secrets.TextMask.MinLength"/>.</summary>
    public static bool IsMasked(string name, string value) =>
        SettingName.MeaningOf(name) == SettingMeaning.Own && !Shown.Contains(name) && !Words.Contains(value.Trim()) && value.AsSpan().Trim().ContainsAnyExcept(Number);
}
