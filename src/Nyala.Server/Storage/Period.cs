namespace Nyala.Server.Storage;

/// <summary>A stretch of time that something was accepted in. The default is all of it.</summary>
/// <param name="Since">Its beginning, which belongs to it; null if it has none.</param>
/// <param name="Until">Its end, which does not; null if it has none.</param>
internal readonly record struct Period(DateTimeOffset? Since, DateTimeOffset? Until)
{
    /// <summary>What is accepted in one transaction gets its ids before, and a clock that was set back leaves them ahead of their times.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    // Beyond these an id has not enough bits.
    private static readonly DateTimeOffset First = new(2020, 1, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Last = new(2089, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The least id that something of this time may have, so that older ones are not read at all.</summary>
    public long FirstId => Since is { } since && since > First ? IdSource.At((since < Last ? since : Last) - Slack) : 0;

    /// <summary>An id above those that something of this time may have, likewise.</summary>
    public long EndId => Until is { } until && until < Last ? IdSource.At((until > First ? until : First) + Slack) : long.MaxValue;
}
