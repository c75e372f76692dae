namespace Nyala.Server.Storage;

/// <summary>The hooks. A URL is unique within a site, compared case-insensitively. A null site is the root.</summary>
internal interface IHookTable
{
    void Insert(HookRecord hook);

    /// <summary>Writes what clients can change: everything except the identity, the epoch, the last attempt and the health.</summary>
    void Update(HookRecord hook);

    /// <summary>Sets the state, its reason, and the time of the change.</summary>
    void SetState(long id, HookState state, string? reason, DateTimeOffset now);

    /// <summary>Removes the hook; false if it does not exist. Its lane ends its pending deliveries.</summary>
    bool Remove(long id);

    HookRecord? Find(long id);

    HookRecord? FindByUrl(string? site, string url);

    /// <summary>Lists hooks that are in one of <paramref name="states"/>, oldest first.</summary>
    /// <param name="site">The site of the hooks; null for all hooks.</param>
    /// <param name="states">The states to include.</param>
    /// <param name="after">Only hooks with greater ids are returned.</param>
    /// <param name="limit">The maximum number of hooks.</param>
    Page<HookRecord> List(string? site, IReadOnlyCollection<HookState> states, long after, int limit);

    /// <summary>
    /// Lists hooks whose URL starts with <paramref name="beginning"/>, compared case-insensitively and ordered by URL. The hooks belong to exactly this site,
    /// or to the root if it is null.
    /// </summary>
    IReadOnlyList<(long Id, string Url)> WithUrlFrom(string? site, string beginning, int limit);

    /// <summary>Counts the hooks of exactly this site, or of the root if it is null. Returns <paramref name="most"/> if there are more.</summary>
    int Count(string? site, int most);

    /// <summary>Counts the hooks in each state. A count is at most <paramref name="most"/>.</summary>
    IReadOnlyDictionary<HookState, int> CountByState(int most);

    /// <summary>Starts a new epoch for the hook's lane and returns it; null if the hook does not exist.</summary>
    long? NextEpoch(long id);

    /// <summary>Returns the newest epoch; null if the hook does not exist.</summary>
    long? Epoch(long id);

    /// <summary>Subtracts a time span from the end of every hold that has not ended yet.</summary>
    void ShiftHolds(TimeSpan by, DateTimeOffset now);

    /// <summary>Deletes at most <paramref name="limit"/> hooks that have been gone since before <paramref name="since"/>.</summary>
    /// <returns>The number of hooks that were deleted.</returns>
    int PruneGone(DateTimeOffset since, int limit);

    /// <summary>Sets the health of the hook without an attempt, for example when an operator re-enables it.</summary>
    void SetHealth(long id, HookHealth health);
}
