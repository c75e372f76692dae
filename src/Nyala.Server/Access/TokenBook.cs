using System.Collections.Concurrent;
using Nyala.Server.Audit;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Access;

/// <summary>
/// The tokens that open the server: the data folder's, and those that were created. They are held in memory, so that to
/// know a caller costs no query; the database is written first, and a revoked token is out of memory before its end is told.
/// </summary>
internal sealed class TokenBook(AdminToken admin, IStore store, AuditLog audit, TimeProvider clock) : IHostedService
{
    private static readonly Caller Admin = new(Token: null, "admin", Scopes.Admin, Site: null);

    private readonly ConcurrentDictionary<TokenHash, KnownToken> _tokens = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (TokenRecord token in await store.ReadAsync(tables => tables.Tokens.List(), cancellationToken))
        {
            _tokens[new TokenHash(token.Hash)] = new KnownToken(token);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => SaveUseAsync();

    /// <summary>Whose token this is; null where it opens nothing. A use of it is remembered.</summary>
    /// <param name="token">The token.</param>
    /// <param name="expired">Where it opens nothing: whether it once did.</param>
    public Caller? Recognise(string token, out bool expired)
    {
        expired = false;
        if (admin.Matches(token))
        {
            return Admin;
        }

        if (!_tokens.TryGetValue(TokenHash.Of(token), out KnownToken? known))
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

    /// <summary>Every created token with its last use, oldest first.</summary>
    public IReadOnlyList<TokenRecord> List() => [.. _tokens.Values.Select(known => known.Record).OrderBy(record => record.Id)];

    /// <summary>Takes a new token, which is good once this returns.</summary>
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

    /// <summary>Revokes a token, which opens nothing any more once this returns; false where there is none.</summary>
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
        return revoked is not null && _tokens.TryRemove(new TokenHash(revoked.Hash), out _);
    }

    /// <summary>Writes the last use of the tokens that were used since the last call.</summary>
    public async Task SaveUseAsync()
    {
        List<(KnownToken Token, DateTimeOffset LastUsed)> used =
            [.. _tokens.Values.Select(known => (known, known.Unwritten())).Where(pair => pair.Item2 is not null).Select(pair => (pair.known, pair.Item2!.Value))];
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
