using Nyala.Server.Access;
using Nyala.Server.Storage;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_token_is_read_as_it_was_written_until_it_is_removed()
    {
        TokenRecord full = SomeToken(1) with { Site = "Shop", Scopes = Scopes.Hooks | Scopes.Deploy, Expires = Now.AddDays(1), LastUsed = Now };
        TokenRecord plain = SomeToken(2);
        await WriteAsync(tables =>
        {
            tables.Tokens.Insert(plain);
            tables.Tokens.Insert(full);
        });

        IReadOnlyList<TokenRecord> listed = await ReadAsync(tables => tables.Tokens.List(0, 10));
        Assert.Equal([1, 2], listed.Select(token => token.Id));
        Assert.Equal(full.Hash, listed[0].Hash);
        Assert.Equal((full, plain), (listed[0] with { Hash = full.Hash }, listed[1] with { Hash = plain.Hash }));

        await WriteAsync(tables =>
        {
            tables.Tokens.Use(2, Now.AddMinutes(1));
            tables.Tokens.Use(3, Now);
        });
        Assert.Equal(Now.AddMinutes(1), await ReadAsync(tables => tables.Tokens.Find(2)!.LastUsed));
        Assert.Equal((true, false), await Store.WriteAsync(tables => (tables.Tokens.Remove(1), tables.Tokens.Remove(1))));
        Assert.Null(await ReadAsync(tables => tables.Tokens.Find(1)));
    }

    [Fact]
    public async Task Expiring_tokens_are_paged_by_their_expiry()
    {
        await WriteAsync(tables =>
        {
            foreach ((byte id, int? days) in new (byte, int?)[] { (1, 3), (2, null), (3, 1), (4, 3), (5, 20), (6, -1) })
            {
                tables.Tokens.Insert(SomeToken(id) with { Expires = days is { } end ? Now.AddDays(end) : null });
            }

            tables.Tokens.Warn(3, 7);
        });

        IReadOnlyList<TokenRecord> first = await ReadAsync(tables => tables.Tokens.Expiring((Now, long.MaxValue), Now.AddDays(14), 2));
        IReadOnlyList<TokenRecord> rest = await ReadAsync(tables => tables.Tokens.Expiring((first[1].Expires!.Value, first[1].Id), Now.AddDays(14), 2));

        Assert.Equal([(3, 7), (1, null)], first.Select(token => (token.Id, token.Warned)));
        Assert.Equal([4], rest.Select(token => token.Id));
    }

    [Fact]
    public async Task A_token_that_violates_a_constraint_is_not_stored()
    {
        await WriteAsync(tables => tables.Tokens.Insert(SomeToken(1)));

        await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(tables => tables.Tokens.Insert(SomeToken(2) with { Hash = SomeToken(1).Hash })));
        await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(tables => tables.Tokens.Insert(SomeToken(2) with { Scopes = Scopes.None })));
        await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(tables => tables.Tokens.Insert(SomeToken(2) with { Scopes = Scopes.Admin, Site = "shop" })));

        Assert.Single(await ReadAsync(tables => tables.Tokens.List(0, 10)));
    }

    [Fact]
    public async Task Audit_entries_are_listed_newest_first_and_can_be_filtered()
    {
        var actor = new Actor(7, "ci", "10.0.0.1");
        AuditRecord[] changes =
        [
            new(1, Now, Actor.Server, "hook.created", "5", null, "{}"),
            new(2, Now, actor, "hook.changed", "5", "shop", """{"event":"Built"}"""),
            new(3, Now, actor, "hook.created", "6", "shop", "{}"),
        ];
        await WriteAsync(tables => Array.ForEach(changes, tables.Audit.Insert));

        Assert.Equal([changes[2], changes[1], changes[0]], await ReadAsync(tables => tables.Audit.List(long.MaxValue, null, null, 10).Entries));
        Assert.Equal([changes[1]], await ReadAsync(tables => tables.Audit.List(3, null, null, 1).Entries));
        Assert.Equal([changes[2], changes[0]], await ReadAsync(tables => tables.Audit.List(long.MaxValue, "hook.created", null, 10).Entries));
        Assert.Equal([changes[0]], await ReadAsync(tables => tables.Audit.List(long.MaxValue, "hook.created", "5", 10).Entries));
    }

    private static TokenRecord SomeToken(byte id) => new()
    {
        Id = id,
        Name = "token-" + id,
        Hash = [.. Enumerable.Repeat(id, 32)],
        Scopes = Scopes.Read,
        Created = Now,
    };
}
