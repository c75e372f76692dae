namespace Nyala.Server.Storage;

/// <summary>Thrown if a search, including the wait for its turn, takes longer than the limit.</summary>
internal sealed class SearchLimitException(TimeSpan limit) : Exception($"The search was stopped after {limit.TotalSeconds} s.")
{
    /// <summary>The maximum duration of a search.</summary>
    public TimeSpan Limit { get; } = limit;
}
