using System.Runtime.CompilerServices;
using Nyala.Server.Access;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>Which hooks are listed, and to whom.</summary>
/// <param name="Site">The hooks of this site; of every site if null.</param>
/// <param name="States">The hooks in one of these states.</param>
/// <param name="Caller">Who reads them: what the caller may not see is not read.</param>
internal sealed record HookListQuery(string? Site, IReadOnlyCollection<HookState> States, Caller Caller);

/// <summary>A hook in a list, with the beginning of the event it was sent last.</summary>
internal sealed record ListedHook(HookRecord Hook, (byte[] Beginning, bool More)? Last);

/// <summary>Reads hooks. A caller at a site sees that site's hooks; at the root (null), every hook.</summary>
internal sealed class HookReads(IStore store)
{
    /// <summary>How many bytes of the event that a hook was sent last a list shows: enough to recognize it.</summary>
    public const int ContextLimit = 2048;

    private const int PageSize = 100;

    /// <summary>Finds a hook; null if it is not there.</summary>
    public async Task<HookRecord?> FindAsync(string? site, long id, CancellationToken cancellationToken) =>
        await store.ReadAsync(tables => tables.Hooks.Find(id), cancellationToken) is { } hook && Subscriptions.IsAt(hook, site) ? hook : null;

    /// <summary>Reads the body of the event that a hook was sent last.</summary>
    public Task<byte[]?> LastBodyAsync(HookRecord hook, CancellationToken cancellationToken) => hook.Last is { } last
        ? store.ReadAsync(tables => tables.Events.Body(last.Event), cancellationToken)
        : Task.FromResult<byte[]?>(null);

    /// <summary>Lists hooks, oldest first.</summary>
    /// <param name="query">Which hooks.</param>
    /// <param name="after">The id after which the page begins.</param>
    /// <param name="limit">How many hooks it holds at most.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public Task<Page<ListedHook>> PageAsync(HookListQuery query, long after, int limit, CancellationToken cancellationToken) => store.SearchAsync(
        tables => tables.Hooks.List(query.Site, query.States, after, limit).Select(hook => new ListedHook(hook, LastOf(tables, hook, query.Caller))),
        cancellationToken);

    /// <summary>Lists every hook after an id. It is read page by page, so that a list of any length takes the memory of one page.</summary>
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
        caller.SeesCallbacks && hook.Last is { } last ? tables.Events.BodyStart(last.Event, ContextLimit) : null;
}
