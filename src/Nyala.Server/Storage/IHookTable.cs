namespace Nyala.Server.Storage;

/// <summary>The hooks. A url is unique within a site, without regard to case; the site null is the root.</summary>
internal interface IHookTable
{
    void Insert(HookRecord hook);

    /// <summary>Writes what people may change: everything but the identity, the epoch, the last attempt and the health.</summary>
    void Update(HookRecord hook);

    /// <summary>Sets the state, why it is so, and since when.</summary>
    void SetState(long id, HookState state, string? reason, DateTimeOffset now);

    /// <summary>Removes the hook; false if there is none. Its unfinished deliveries are for its lane to close.</summary>
    bool Remove(long id);

    HookRecord? Find(long id);

    HookRecord? FindByUrl(string? site, string url);

    /// <summary>The hooks in one of <paramref name="states"/> of one site, or of every one where <paramref name="site"/> is null; oldest first.</summary>
    /// <param name="site">The site; null for all.</param>
    /// <param name="states">The states; every hook is in one of them.</param>
    /// <param name="after">Only ids above it.</param>
    /// <param name="limit">How many at most.</param>
    Page<HookRecord> List(string? site, IReadOnlyCollection<HookState> states, long after, int limit);

    /// <summary>Hooks of exactly this site (null: of the root alone) whose url begins so, without regard to case; by url.</summary>
    IReadOnlyList<(long Id, string Url)> WithUrlFrom(string? site, string beginning, int limit);

    /// <summary>How many hooks exactly this site has (null: the root alone); <paramref name="most"/> if there are more.</summary>
    int Count(string? site, int most);

    /// <summary>The hooks that hear an event of this type at this site: the site's own and the root's, none that is gone.</summary>
    IReadOnlyList<MatchedHook> Match(string site, string type, DateTimeOffset now);

    /// <summary>How many hooks are in each state; <paramref name="most"/> if there are more in it.</summary>
    IReadOnlyDictionary<HookState, int> CountByState(int most);

    /// <summary>Starts a new epoch for the hook's lane and returns it; null if the hook is not there.</summary>
    long? NextEpoch(long id);

    /// <summary>The newest epoch; null if the hook is not there.</summary>
    long? Epoch(long id);

    /// <summary>Remembers the newest attempt and how the hook fares after it.</summary>
    void Observe(long id, LastAttempt last, HookHealth health);

    /// <summary>Lets every hook that is held be held for so much less.</summary>
    void HoldEarlier(TimeSpan by, DateTimeOffset now);

    /// <summary>Deletes hooks that have been gone since before <paramref name="since"/>; at most <paramref name="limit"/>.</summary>
    /// <returns>How many were deleted.</returns>
    int PruneGone(DateTimeOffset since, int limit);

    /// <summary>Sets how the hook fares without an attempt, as an operator does who lets it try again.</summary>
    void SetHealth(long id, HookHealth health);
}
