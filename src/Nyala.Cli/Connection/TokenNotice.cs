using System.Globalization;

namespace Nyala.Cli.Connection;

/// <summary>Warns about a token that expires soon. Once it has expired, the reports of a CI job are lost unless somebody reads the job's output.</summary>
internal static class TokenNotice
{
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(14);

    /// <summary>Returns the warning as one line; null if the token does not expire within <see cref="Ahead"/>.</summary>
    public static string? Of(DateTimeOffset? expires, DateTimeOffset now)
    {
        if (expires is not { } time || time - now > Ahead)
        {
            return null;
        }

        int days = Math.Max(0, (int)(time - now).TotalDays);
        string left = days switch { 0 => "in less than a day", 1 => "in 1 day", _ => $"in {days} days" };
        return string.Create(
            CultureInfo.InvariantCulture, $"the token expires {left}, on {time.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Create a new one with \"nyala tokens create\" and set {ServerChoice.TokenVariable} to it.");
    }
}
