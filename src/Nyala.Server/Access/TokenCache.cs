using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Nyala.Server.Audit;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Access;

/// <summary>
/// The valid tokens: the data folder's admin token, and the created tokens. They are held in memory, so that identifying a caller needs no query. The database
/// is written first, and a revoked token is removed from memory before the server responds.
/// </summary>
internal sealed class TokenCache(AdminToken admin, IStore store, IChangeFeed feed, AuditLog audit, TimeProvider clock) : IHostedService, ISiteTokens
{
    private const int StartPage = 10_000;
    private const int ListPage = 500;

    private static readonly Caller Admin = new(Token: null, "admin", Scopes.Admin, Site: null);

    private readonly ConcurrentDictionary<TokenHash, KnownToken> _tokens = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        feed.Subscribe(change =>
        {
            if (change is Change.TokenRevoked revoked && _tokens.FirstOrDefault(pair => pair.Value.Caller.Token == revoked.Token) is { Value: not null } known)
            {
                _tokens.TryRemove(known.Key, out _);
            }
        });
        for (long? next = 0; next is { } last;)
        {
            Page<TokenRecord> page = await ReadAsync(last, StartPage, cancellationToken);
            foreach (TokenRecord token in page.Entries)
            {
                _tokens[new TokenHash(token.Hash)] = new KnownToken(token);
            }

            next = page.Next;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => SaveUseAsync();

    /// <summary>Returns the caller that has this token; null if the token is not valid. Remembers the time of use.</summary>
    /// <param name="token">The token.</param>
    /// <param name="expired">Whether the token is known, but expired.</param>
    public Caller? Identify(string token, out bool expired)
    {
        expired = false;
        var hash = TokenHash.Of(token);
        if (admin.Matches(hash))
        {
            return Admin;
        }

        if (!_tokens.TryGetValue(hash, out KnownToken? known))
        {
            return null;
        }

        DateTimeOffset now = clock.GetUtcNow();
        expired = known.IsExpired(now);
        if (expired)
        {
            return null;
        }

        known.Use(now);
        return known.Caller;
    }

    /// <summary>
    /// Lists the created tokens with ids above <paramref name="after"/>, with their last use, oldest first; at most <paramref name="limit"/>.
    /// </summary>
    public async Task<Page<TokenRecord>> PageAsync(long after, int limit, CancellationToken cancellationToken)
    {
        Page<TokenRecord> page = await ReadAsync(after, limit, cancellationToken);
        return page with { Entries = [.. page.Entries.Select(token => _tokens.GetValueOrDefault(new TokenHash(token.Hash))?.Record).OfType<TokenRecord>()] };
    }

    /// <summary>Lists every created token with an id above <paramref name="after"/>, with its last use, oldest first.</summary>
    public async IAsyncEnumerable<TokenRecord> AllAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long? next = after; next is { } last;)
        {
            Page<TokenRecord> page = await PageAsync(last, ListPage, cancellationToken);
            foreach (TokenRecord token in page.Entries)
            {
                yield return token;
            }

            next = page.Next;
        }
    }

    /// <summary>Adds a new token. It is valid once the returned task completes.</summary>
    public async Task AddAsync(TokenRecord token, Actor actor)
    {
        await store.WriteAsync(tables =>
        {
            tables.Tokens.Insert(token);
            audit.Note(tables, actor, AuditActions.TokenCreated, token.Id, token.Site, ("name", token.Name), ("scopes", ScopeNames.Spell(token.Scopes, " ")));
            return true;
        });
        _tokens[new TokenHash(token.Hash)] = new KnownToken(token);
    }

    /// <summary>Revokes a token. It is no longer valid once the returned task completes. Returns false if the token does not exist.</summary>
    public async Task<bool> RevokeAsync(long id, Actor actor)
    {
        TokenRecord? revoked = await store.WriteAsync(tables =>
        {
            if (tables.Tokens.Find(id) is not { } token)
            {
                return null;
            }

            tables.Tokens.Remove(id);
            audit.Note(tables, actor, AuditActions.TokenRevoked, id, token.Site, ("name", token.Name));
            return token;
        });
        if (revoked is null)
        {
            return false;
        }

        feed.Announce(new Change.TokenRevoked(id));
        return true;
    }

    private async Task<Page<TokenRecord>> ReadAsync(long after, int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<TokenRecord> read = await store.SearchAsync(tables => tables.Tokens.List(after, limit + 1), cancellationToken);
        return read.Count <= limit ? new Page<TokenRecord>(read, Next: null) : new Page<TokenRecord>([.. read.Take(limit)], read[limit - 1].Id);
    }

    public IReadOnlyList<TokenRecord> Revoke(ITables tables, string site, Actor actor)
    {
        IReadOnlyList<TokenRecord> revoked = tables.Tokens.OfSite(site);
        foreach (TokenRecord token in revoked)
        {
            tables.Tokens.Remove(token.Id);
            audit.Note(tables, actor, AuditActions.TokenRevoked, token.Id, token.Site, ("name", token.Name), ("because", "its site was removed"));
        }

        return revoked;
    }

    public void Forget(IReadOnlyList<TokenRecord> revoked)
    {
        foreach (TokenRecord token in revoked)
        {
            feed.Announce(new Change.TokenRevoked(token.Id));
        }
    }

    /// <summary>Writes the last use of the tokens that were used since the last call.</summary>
    public async Task SaveUseAsync()
    {
        List<(KnownToken Token, DateTimeOffset LastUsed)> used =
            [.. _tokens.Values.Select(known => (known, known.UnwrittenLastUse())).Where(pair => pair.Item2 is not null).Select(pair => (pair.known, pair.Item2!.Value))];
        if (used.Count == 0)
        {
            return;
        }

        await store.WriteAsync(tables =>
        {
            used.ForEach(one => tables.Tokens.Use(one.Token.Caller.Token!.Value, one.LastUsed));
            return true;
        });
        used.ForEach(one => one.Token.Written(one.LastUsed));
    }
}
