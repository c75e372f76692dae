namespace Nyala.Server.Access;

/// <summary>Decides when to warn that a token expires: 14, 7 and 1 days before. Pure.</summary>
internal static class ExpiryRule
{
    /// <summary>The stages in days before the expiry, in the order in which they come.</summary>
    public static readonly IReadOnlyList<int> Stages = [14, 7, 1];

    /// <summary>
    /// Returns the stage that is due, in days; null if none is. After an outage, only the latest stage is due. A stage that began before the token was created
    /// is never due, because the creator of the token knows that it expires soon.
    /// </summary>
    /// <param name="created">When the token was created.</param>
    /// <param name="expires">When the token expires.</param>
    /// <param name="warned">The stage of the last warning; null if there was none.</param>
    /// <param name="now">The current time.</param>
    public static int? Due(DateTimeOffset created, DateTimeOffset expires, int? warned, DateTimeOffset now)
    {
        if (expires <= now)
        {
            return null;
        }

        foreach (int stage in Stages.Reverse())
        {
            DateTimeOffset begins = expires - TimeSpan.FromDays(stage);
            if (now >= begins)
            {
                return begins > created && stage < (warned ?? int.MaxValue) ? stage : null;
            }
        }

        return null;
    }
}
