using System.Runtime.CompilerServices;
using Nyala.Client;
using Nyala.Server.Access;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>Which hooks are listed, and to whom.</summary>
/// <param name="Site">Those of this site; of every one where null.</param>
/// <param name="States">Those in one of these states.</param>
/// <param name="Caller">Who reads them: what the caller may not see is not read.</param>
internal sealed record HookListQuery(string? Site, IReadOnlyCollection<HookState> States, Caller Caller);

/// <summary>Lists hooks, oldest first and page by page, so that the whole list takes no more memory than a page.</summary>
internal sealed class HookList(IStore store, HookView view)
{
    /// <summary>How much of the event that a hook was sent last stands in a list: enough to know it by.</summary>
    public const int ContextLimit = 2048;

    private const int PageSize = 100;

    public async Task<Page<Hook>> PageAsync(HookListQuery query, long after, int limit, CancellationToken cancellationToken)
    {
        Page<(HookRecord Hook, (byte[] Beginning, bool More)? Last)> page = await store.SearchAsync(
            tables =>
            {
                Page<HookRecord> hooks = tables.Hooks.List(query.Site, query.States, after, limit);
                return new Page<(HookRecord, (byte[], bool)?)>([.. hooks.Entries.Select(hook => (hook, LastOf(tables, hook, query.Caller)))], hooks.Next);
            },
            cancellationToken);
        return new Page<Hook>([.. page.Entries.Select(row => view.ShowInList(row.Hook, row.Last, query.Caller))], page.Next);
    }

    /// <summary>Every hook behind an id.</summary>
    public async IAsyncEnumerable<Hook> AllAsync(HookListQuery query, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long? next = after; next is { } last;)
        {
            Page<Hook> page = await PageAsync(query, last, PageSize, cancellationToken);
            foreach (Hook hook in page.Entries)
            {
                yield return hook;
            }

            next = page.Next;
        }
    }

    private static (byte[] Beginning, bool More)? LastOf(ITables tables, HookRecord hook, Caller caller) =>
        caller.SeesCallbacks && hook.Last is { } last ? tables.Events.BodyStart(last.Event, ContextLimit) : null;
}
