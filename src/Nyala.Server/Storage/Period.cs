namespace Nyala.Server.Storage;

/// <summary>A period of acceptance times. The default value has no limits.</summary>
/// <param name="Since">The start, inclusive; null for no limit.</param>
/// <param name="Until">The end, exclusive; null for no limit.</param>
internal readonly record struct Period(DateTimeOffset? Since, DateTimeOffset? Until)
{
    /// <summary>
    /// How far an id may differ from the acceptance time: ids are issued before the transaction, and run ahead of the clock after it was set back.
    /// </summary>
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    // Ids cannot represent times outside this range.
    private static readonly DateTimeOffset First = new(2020, 1, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Last = new(2089, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The smallest id that the period can contain. Rows with smaller ids need not be read.</summary>
    public long FirstId => Since is { } since && since > First ? IdSource.At((since < Last ? since : Last) - Slack) : 0;

    /// <summary>An id above all ids that the period can contain. Rows with this or a greater id need not be read.</summary>
    public long EndId => Until is { } until && until < Last ? IdSource.At((until > First ? until : First) + Slack) : long.MaxValue;
}
