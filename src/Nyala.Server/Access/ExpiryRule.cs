namespace Nyala.Server.Access;

/// <summary>Decides when to warn of a token that expires: 14, 7 and 1 days before.</summary>
internal static class ExpiryRule
{
    /// <summary>The stages in days before the end, the first one first.</summary>
    public static readonly IReadOnlyList<int> Stages = [14, 7, 1];

    /// <summary>
    /// The stage that is due, in days; null if none is. After an outage only the latest stage is due, and a token that lives no longer than a stage
    /// has none there, because its creator knows.
    /// </summary>
    /// <param name="created">When the token was created.</param>
    /// <param name="expires">When it expires.</param>
    /// <param name="warned">The stage that was last warned of; null for none.</param>
    /// <param name="now">The time.</param>
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
