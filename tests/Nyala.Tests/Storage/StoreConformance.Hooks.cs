using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    private static readonly HookHealth Failing = new(7, Now.AddDays(-1), Now.AddHours(1), 2);

    [Fact]
    public async Task A_hook_is_read_as_it_was_written()
    {
        HookRecord plain = Hook(1);
        HookRecord full = Full(Hook(2) with { Site = "Shop", Event = "*" });
        await AddAsync(plain);
        await AddAsync(full);

        Assert.Equal(plain, await ReadAsync(tables => tables.Hooks.Find(1)));
        Assert.Equal(full, await ReadAsync(tables => tables.Hooks.Find(2)));
        Assert.Null(await ReadAsync(tables => tables.Hooks.Find(3)));
    }

    [Theory]
    [InlineData(null, "https://example.com/1", true)]
    [InlineData(null, "HTTPS://EXAMPLE.com/1", true)]
    [InlineData(null, "https://example.com/1/", false)]
    [InlineData("shop", "https://example.com/1", false)]
    public async Task A_url_is_unique_at_its_site_ignoring_case(string? site, string url, bool taken)
    {
        await AddAsync(Hook(1) with { Url = "https://example.com/1" });
        HookRecord other = Hook(2) with { Site = site, Url = url };

        Assert.Equal(taken, await ReadAsync(tables => tables.Hooks.FindByUrl(site, url)) is not null);
        if (taken)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => AddAsync(other));
        }
        else
        {
            await AddAsync(other);
            Assert.Equal(2, (await ReadAsync(tables => tables.Hooks.FindByUrl(site, url)))!.Id);
        }
    }

    [Fact]
    public async Task Hooks_are_found_by_their_site_ignoring_case()
    {
        await AddAsync(Hook(1) with { Site = "Shop" });

        Assert.Equal(1, (await ReadAsync(tables => tables.Hooks.FindByUrl("SHOP", Hook(1).Url)))!.Id);
        Assert.Single(await ReadAsync(tables => tables.Hooks.All("shop")));
        Assert.Single(await MatchAsync("sHOP", "postdeployment"));
    }

    [Fact]
    public async Task The_root_lists_all_hooks_and_a_site_its_own()
    {
        await AddAsync(Hook(3));
        await AddAsync(Hook(1) with { Site = "a" });
        await AddAsync(Hook(2) with { Site = "b" });

        Assert.Equal([1, 2, 3], await ReadAsync(tables => tables.Hooks.All().Select(hook => hook.Id).ToList()));
        Assert.Equal([1], await ReadAsync(tables => tables.Hooks.All("a").Select(hook => hook.Id).ToList()));
        Assert.Equal([(3, Hook(3).Url)], await ReadAsync(tables => tables.Hooks.WithUrlFrom(null, "", 9).ToList()));
        Assert.Equal([(2, Hook(2).Url)], await ReadAsync(tables => tables.Hooks.WithUrlFrom("b", "", 9).ToList()));
    }

    [Theory]
    [InlineData("a", "PostDeployment", "1,2,4,6,7,8")]
    [InlineData("a", "postdeployment", "1,2,4,6,7,8")]
    [InlineData("b", "PostDeployment", "1,2,5,7,8")]
    [InlineData("c", "PostDeployment", "1,2,7,8")]
    [InlineData("a", "Other", "2,3,6")]
    [InlineData("a", "*", "2,6")]
    public async Task An_event_matches_the_hooks_of_its_site_and_of_the_root_except_gone_ones(string site, string type, string ids)
    {
        HookRecord[] hooks =
        [
            Hook(1),
            Hook(2) with { Event = "*" },
            Hook(3) with { Event = "Other" },
            Hook(4) with { Site = "a" },
            Hook(5) with { Site = "b" },
            Hook(6) with { Site = "a", Event = "*" },
            Hook(7) with { State = HookState.Paused },
            Hook(8) with { State = HookState.Disabled },
            Hook(9) with { State = HookState.Gone },
        ];
        await Task.WhenAll(hooks.Select(AddAsync));

        IReadOnlyList<MatchedHook> matched = await MatchAsync(site, type);

        Assert.Equal(ids, string.Join(',', matched.Select(hook => hook.Id)));
        Assert.All(matched, hook => Assert.Equal(hooks[hook.Id - 1].State, hook.State));
    }

    [Fact]
    public async Task An_update_writes_only_the_fields_that_a_subscriber_can_change()
    {
        var last = new LastAttempt("OK", null, Now, 5);
        await AddAsync(Hook(1));
        await WriteAsync(tables =>
        {
            tables.Hooks.NextEpoch(1);
            tables.RecordLastAttempt(1, last, Failing);
            tables.Hooks.Update(Full(Hook(1) with { Site = "x", Event = "x", Url = "x", Created = Now.AddDays(1), Epoch = 99 }));
        });

        Assert.Equal(Full(Hook(1)) with { Epoch = 1, Last = last, Health = Failing }, await ReadAsync(tables => tables.Hooks.Find(1)));
    }

    [Fact]
    public async Task NextEpoch_returns_a_new_epoch_for_each_lane_of_a_hook()
    {
        await AddAsync(Hook(1));
        await AddAsync(Hook(2));

        Assert.Equal(0, await ReadAsync(tables => tables.Hooks.Epoch(1)));
        Assert.Equal((1, 2, 1), await Store.WriteAsync(tables => (tables.Hooks.NextEpoch(1), tables.Hooks.NextEpoch(1), tables.Hooks.NextEpoch(2))));
        Assert.Equal((2, null), await ReadAsync(tables => (tables.Hooks.Epoch(1), tables.Hooks.Epoch(3))));
        Assert.Null(await Store.WriteAsync(tables => tables.Hooks.NextEpoch(3)));
    }

    [Fact]
    public async Task A_hook_stores_only_its_newest_attempt()
    {
        var newest = new LastAttempt("NotFound", "No.", Now.AddSeconds(1), 6);
        await AddAsync(Hook(1));
        await WriteAsync(tables =>
        {
            tables.RecordLastAttempt(1, new LastAttempt("OK", null, Now, 5), Failing);
            tables.RecordLastAttempt(1, newest, default);
            tables.Hooks.SetState(1, HookState.Gone, null, Now);
        });

        HookRecord? hook = await ReadAsync(tables => tables.Hooks.Find(1));
        Assert.Equal((newest, HookState.Gone, default), (hook!.Last, hook.State, hook.Health));
    }

    [Theory]
    [InlineData("Active", null, null, true)]
    [InlineData("Active", null, 0, true)]
    [InlineData("Active", null, 1, false)]
    [InlineData("Active", 60, null, false)]
    [InlineData("Paused", null, null, false)]
    [InlineData("Disabled", null, null, false)]
    public async Task A_hook_is_prompt_if_it_is_active_not_held_and_without_a_rate_limit(string state, int? rate, int? heldFor, bool prompt)
    {
        DateTimeOffset? until = heldFor is { } seconds ? Now.AddSeconds(seconds) : null;
        await AddAsync(Hook(1) with { State = Enum.Parse<HookState>(state), Rate = rate, Filter = "{}" });
        await WriteAsync(tables => tables.Hooks.SetHealth(1, new HookHealth(5, Now, until, 0)));

        MatchedHook matched = Assert.Single(await MatchAsync("a", "PostDeployment"));

        Assert.Equal((prompt, "{}"), (matched.Prompt, matched.Filter));
    }

    /// <summary>A store may cache matches, but a write must see every earlier change to the hooks.</summary>
    [Fact]
    public async Task Accept_finds_the_current_hooks_after_every_kind_of_change()
    {
        (string What, Action<ITables> Change)[] steps =
        [
            ("none", _ => { }),
            ("insert", tables => tables.Hooks.Insert(Hook(1))),
            ("another for every type", tables => tables.Hooks.Insert(Hook(2) with { Event = "*", Site = "A" })),
            ("update", tables => tables.Hooks.Update(Hook(1) with { Filter = "{}", Rate = 5 })),
            ("no rate", tables => tables.Hooks.Update(Hook(1))),
            ("held", tables => tables.Hooks.SetHealth(1, Failing)),
            ("observed", tables => tables.RecordLastAttempt(1, new LastAttempt("OK", null, Now, 5), default)),
            ("observed failing", tables => tables.RecordLastAttempt(2, new LastAttempt("Failure", "No.", Now, 5), Failing)),
            ("held for less", tables => tables.Hooks.ShiftHolds(TimeSpan.FromHours(2), Now)),
            ("paused", tables => tables.Hooks.SetState(1, HookState.Paused, null, Now)),
            ("gone", tables => tables.Hooks.SetState(2, HookState.Gone, null, Now)),
            ("back", tables => tables.Hooks.SetState(2, HookState.Active, null, Now)),
            ("removed", tables => tables.Hooks.Remove(1)),
        ];
        foreach ((string what, Action<ITables> change) in steps)
        {
            // A failed write leaves nothing behind, neither in the tables nor in a cache.
            await Assert.ThrowsAsync<InvalidOperationException>(() => Store.WriteAsync<bool>(tables =>
            {
                tables.Hooks.Insert(Hook(9) with { Site = "a" });
                Assert.NotEmpty(tables.Queue.Accept([Event(_ids.Next()) with { Site = "a" }], _ids, _clock)[0].Deliveries);
                throw new InvalidOperationException();
            }));

            // The first comparison fills a cache, so that the change finds it full.
            await CompareAsync("before " + what);
            await WriteAsync(change);
            await CompareAsync(what);
        }

        async Task CompareAsync(string when)
        {
            foreach ((string site, string type) in ((string, string)[])[("a", "PostDeployment"), ("A", "POSTDEPLOYMENT"), ("b", "PostDeployment"), ("a", "Other")])
            {
                IReadOnlyList<HookRecord> hooks = await ReadAsync(tables => tables.Hooks.All());
                IEnumerable<MatchedHook> expected = hooks
                    .Where(hook => hook.State != HookState.Gone && Is(hook.Site ?? site, site) && (hook.Event == "*" || Is(hook.Event, type)))
                    .Select(hook => new MatchedHook(
                        hook.Id, hook.State, hook.Filter, hook is { State: HookState.Active, Rate: null, Format: null } && !(hook.Health.HeldUntil > Now), hook.LogLines));
                Assert.True(expected.SequenceEqual(await MatchAsync(site, type)), $"{when}: {site}, {type}");
            }
        }

        static bool Is(string text, string other) => text.Equals(other, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_state_is_stored_with_its_reason_and_its_time()
    {
        await AddAsync(Hook(1));
        await WriteAsync(tables => tables.Hooks.SetState(1, HookState.Disabled, "Nothing but failures.", Now.AddDays(5)));

        Assert.Equal(
            Hook(1) with { State = HookState.Disabled, StateReason = "Nothing but failures.", StateSince = Now.AddDays(5) },
            await ReadAsync(tables => tables.Hooks.Find(1)));
    }

    [Fact]
    public async Task Hooks_that_have_been_gone_for_long_are_deleted_in_batches()
    {
        for (int id = 1; id <= 5; id++)
        {
            await AddAsync(Hook(id));
        }

        await WriteAsync(tables =>
        {
            tables.Hooks.SetState(1, HookState.Gone, null, Now.AddTicks(-1));
            tables.Hooks.SetState(2, HookState.Gone, null, Now.AddTicks(-1));
            tables.Hooks.SetState(3, HookState.Gone, null, Now);
            tables.Hooks.SetState(4, HookState.Disabled, null, Now.AddTicks(-1));
        });

        Assert.Equal((1, 1, 0), await Store.WriteAsync(tables => (tables.Hooks.PruneGone(Now, 1), tables.Hooks.PruneGone(Now, 9), tables.Hooks.PruneGone(Now, 9))));
        Assert.Equal([3, 4, 5], await ReadAsync(tables => tables.Hooks.All().Select(hook => hook.Id).ToList()));
    }

    [Fact]
    public async Task A_hook_can_be_removed_once_and_its_deliveries_stay_pending()
    {
        await AddAsync(Hook(HookId));
        await WriteAsync(tables => Deliver(tables, 1, Now));

        Assert.True(await Store.WriteAsync(tables => tables.Hooks.Remove(HookId)));
        Assert.False(await Store.WriteAsync(tables => tables.Hooks.Remove(HookId)));
        Assert.Null(await ReadAsync(tables => tables.Hooks.Find(HookId)));
        Assert.Equal(DeliveryState.Pending, (await ReadAsync(tables => tables.Deliveries.Find(1)))!.State);
    }

    /// <summary>Returns the hook with a value in every field that can be set.</summary>
    private static HookRecord Full(HookRecord hook) => hook with
    {
        UserInfo = "u",
        InsecureSsl = true,
        Secret = "s",
        Retired = new RetiredSecret("old", Now.AddHours(5)),
        Description = "d",
        Filter = "{}",
        Ordered = true,
        Rate = 60,
        Headers = "h",
        Authority = "a",
        ClientCertificate = "c",
        Format = "f",
        FormatSettings = "encrypted",
        LogLines = 3,
        State = HookState.Disabled,
        StateReason = "r",
        StateSince = Now.AddDays(-2),
    };

    /// <summary>Accepts an event, and returns the hooks that receive it, whatever their filters.</summary>
    private async Task<IReadOnlyList<MatchedHook>> MatchAsync(string site, string type) =>
        [.. (await AcceptAsync(new EventToAccept(_ids.Next(), type, site, []) { Matches = _ => true }))[0].Deliveries.Select(delivery => delivery.Hook)];

    private Task AddAsync(HookRecord hook) => WriteAsync(tables => tables.Hooks.Insert(hook));

    private static HookRecord Hook(long id) => new()
    {
        Id = id,
        Event = "PostDeployment",
        Url = "https://example.com/callback/" + id,
        Secret = "closed",
        Created = Now,
    };
}
