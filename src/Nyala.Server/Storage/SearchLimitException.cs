namespace Nyala.Server.Storage;

/// <summary>A search was ended because it took, with its wait for its turn, longer than a search may.</summary>
internal sealed class SearchLimitException(TimeSpan limit) : Exception($"The search was ended after {limit.TotalSeconds} s.")
{
    /// <summary>How long a search may take.</summary>
    public TimeSpan Limit { get; } = limit;
}
