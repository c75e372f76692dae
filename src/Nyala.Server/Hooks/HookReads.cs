using System.Runtime.CompilerServices;
using Nyala.Server.Access;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>A query for a list of hooks.</summary>
/// <param name="Site">Only hooks of this site; null for hooks of every site.</param>
/// <param name="States">Only hooks in one of these states.</param>
/// <param name="Caller">The caller. Data that the caller may not see is not read.</param>
internal sealed record HookListQuery(string? Site, IReadOnlyCollection<HookState> States, Caller Caller);

/// <summary>A hook in a list, with the beginning of the event that was last sent to it.</summary>
internal sealed record ListedHook(HookRecord Hook, (byte[] Beginning, bool More)? Last);

/// <summary>Reads hooks. A caller at a site sees only that site's hooks; at the root (null), every hook.</summary>
internal sealed class HookReads(IStore store)
{
    /// <summary>The number of bytes that a list shows of the event last sent to a hook: enough to recognize the event.</summary>
    public const int ContextLimit = 2048;

    private const int PageSize = 100;

    /// <summary>Finds a hook. Returns null if it does not exist.</summary>
    public async Task<HookRecord?> FindAsync(string? site, long id, CancellationToken cancellationToken) =>
        await store.ReadAsync(tables => tables.Hooks.Find(id), cancellationToken) is { } hook && HookVisibility.IsVisibleAt(hook, site) ? hook : null;

    /// <summary>Reads the body of the event that was last sent to a hook.</summary>
    public Task<byte[]?> LastBodyAsync(HookRecord hook, CancellationToken cancellationToken) => hook.Last is { } last
        ? store.ReadAsync(tables => tables.Events.Body(last.Event), cancellationToken)
        : Task.FromResult<byte[]?>(null);

    /// <summary>Lists hooks, oldest first.</summary>
    /// <param name="query">Selects the hooks.</param>
    /// <param name="after">The id after which the page starts.</param>
    /// <param name="limit">The maximum number of hooks in the page.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public Task<Page<ListedHook>> PageAsync(HookListQuery query, long after, int limit, CancellationToken cancellationToken) => store.SearchAsync(
        tables => tables.Hooks.List(query.Site, query.States, after, limit).Select(hook => new ListedHook(hook, LastOf(tables, hook, query.Caller))),
        cancellationToken);

    /// <summary>Lists every hook after an id. It reads page by page, so that a list of any length needs the memory of only one page.</summary>
    public async IAsyncEnumerable<ListedHook> AllAsync(HookListQuery query, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long? next = after; next is { } last;)
        {
            Page<ListedHook> page = await PageAsync(query, last, PageSize, cancellationToken);
            foreach (ListedHook hook in page.Entries)
            {
                yield return hook;
            }

            next = page.Next;
        }
    }

    private static (byte[] Beginning, bool More)? LastOf(ITables tables, HookRecord hook, Caller caller) =>
        caller.SeesContents && hook.Last is { } last ? tables.Events.BodyStart(last.Event, ContextLimit) : null;
}
