using Nyala.Client;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_run_is_read_as_it_was_written_and_as_it_was_changed()
    {
        RunRecord run = Run(1) with { Key = "k", Branch = "main", SilentAfter = TimeSpan.FromSeconds(90) };
        RunRecord changed = Success(run, 5) with
        {
            StatusText = "Done.",
            AuthorEmail = "a@example.com",
            Author = "Ann",
            Deployer = "CI",
            Message = "grüße",
            Progress = "x",
            Branch = null,
            LastSuccess = Now.AddSeconds(1),
            Active = true,
            Heard = Now.AddSeconds(2),
            SilentAfter = TimeSpan.FromSeconds(30),
            GivenUp = true,
        };
        await AddAsync(run);
        Assert.Equal(run, await ReadAsync(tables => tables.Runs.FindLatest("shop", "d1")));

        await WriteAsync(tables => tables.Runs.Update(changed));

        Assert.Equal(changed, await ReadAsync(tables => tables.Runs.FindByNumber("shop", "d1", 1)));
    }

    [Fact]
    public async Task The_newest_run_of_a_deployment_is_the_latest_and_older_ones_are_found_by_number_or_key()
    {
        await AddAsync(Success(Run(1) with { Key = "k1" }, 1));
        await AddAsync(Run(2) with { Deployment = "d1", Number = 2, Key = "k2" });

        Assert.Equal(2, (await ReadAsync(tables => tables.Runs.FindLatest("SHOP", "d1")))!.Id);
        Assert.Equal(1, (await ReadAsync(tables => tables.Runs.FindByNumber("shop", "d1", 1)))!.Id);
        Assert.Equal(1, (await ReadAsync(tables => tables.Runs.FindByKey("shop", "d1", "k1")))!.Id);
        Assert.Equal([2], await ReadAsync(tables => tables.Runs.List(null, 9, null).Select(run => run.Id).ToList()));
        Assert.Equal(
            (null, null, null, null),
            await ReadAsync(tables => (
                tables.Runs.FindLatest("shop", "D1"), tables.Runs.FindByKey("shop", "d1", "K1"), tables.Runs.FindByKey("other", "d1", "k1"),
                tables.Runs.FindByNumber("shop", "d1", 3))));
    }

    [Fact]
    public async Task A_key_is_unique_within_a_deployment()
    {
        await AddAsync(Run(1) with { Key = "k" });
        await AddAsync(Run(2) with { Key = "k" });
        await AddAsync(Run(3) with { Site = "other", Deployment = "d1", Key = "k" });

        await Assert.ThrowsAnyAsync<Exception>(() => AddAsync(Run(4) with { Deployment = "d1", Number = 2, Key = "k" }));
        Assert.Equal(1, (await ReadAsync(tables => tables.Runs.FindLatest("shop", "d1")))!.Id);
    }

    [Fact]
    public async Task A_run_whose_end_contradicts_its_status_is_not_stored()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => AddAsync(Run(1) with { Status = DeploymentStatus.Failed }));
        await Assert.ThrowsAnyAsync<Exception>(() => AddAsync(Run(2) with { Ended = Now }));
        await Assert.ThrowsAnyAsync<Exception>(() => AddAsync(Run(3) with { Active = true }));
        Assert.Empty(await ReadAsync(tables => tables.Runs.List(null, 9, null)));
    }

    [Fact]
    public async Task FindAnywhere_returns_at_most_two_deployments_with_the_same_id()
    {
        for (int i = 1; i <= 3; i++)
        {
            await AddAsync(Run(i) with { Site = "site-" + i, Deployment = "same" });
        }

        await AddAsync(Run(4));

        Assert.Equal(2, (await ReadAsync(tables => tables.Runs.FindAnywhere("same"))).Count);
        Assert.Equal(4, Assert.Single(await ReadAsync(tables => tables.Runs.FindAnywhere("d4"))).Id);
        Assert.Empty(await ReadAsync(tables => tables.Runs.FindAnywhere("none")));
    }

    [Fact]
    public async Task Deployments_are_listed_by_the_time_received_newest_first()
    {
        await AddAsync(Run(1) with { Received = Now.AddSeconds(3) });
        await AddAsync(Run(2) with { Received = Now.AddSeconds(1) });
        await AddAsync(Run(3) with { Received = Now.AddSeconds(2), Site = "other" });
        await AddAsync(Run(4) with { Received = Now.AddSeconds(1) });

        Assert.Equal([1, 3, 4, 2], await ListAsync(null, 9, null));
        Assert.Equal([1, 4, 2], await ListAsync("SHOP", 9, null));
        Assert.Equal([1, 3], await ListAsync(null, 2, null));
        Assert.Equal([3, 4, 2], await ListAsync(null, 9, Now.AddSeconds(3)));
        Assert.Equal([4, 2], await ListAsync("shop", 9, Now.AddSeconds(2)));
    }

    [Fact]
    public async Task Latest_returns_the_unfinished_run_received_last_or_else_the_run_that_ended_last()
    {
        Assert.Null(await ReadAsync(tables => tables.Runs.Latest(null)));
        await AddAsync(Success(Run(1), 9));
        await AddAsync(Success(Run(2), 5));
        await AddAsync(Success(Run(3) with { Site = "other" }, 20));
        Assert.Equal((1, 3), await ReadAsync(tables => (tables.Runs.Latest("Shop")!.Id, tables.Runs.Latest(null)!.Id)));

        await AddAsync(Run(4) with { Received = Now.AddSeconds(-5) });
        await AddAsync(Run(5) with { Received = Now.AddSeconds(-9) });

        Assert.Equal((4, 4, 3), await ReadAsync(tables => (tables.Runs.Latest("shop")!.Id, tables.Runs.Latest(null)!.Id, tables.Runs.Latest("other")!.Id)));
    }

    [Fact]
    public async Task A_site_has_one_active_run_which_a_newer_one_replaces()
    {
        await AddAsync(Success(Run(1), 1) with { Active = true });
        await AddAsync(Success(Run(2) with { Site = "other" }, 1) with { Active = true });
        await AddAsync(Run(3));
        await AddAsync(Success(Run(4), 2) with { Active = true });
        Assert.Equal((4, 2), await ReadAsync(tables => (tables.Runs.Active("SHOP")!.Id, tables.Runs.Active("other")!.Id)));

        await WriteAsync(tables => tables.Runs.Update(Success(Run(3), 3) with { Active = true }));

        Assert.Equal(3, (await ReadAsync(tables => tables.Runs.Active("shop")))!.Id);
        Assert.False((await ReadAsync(tables => tables.Runs.FindLatest("shop", "d4")))!.Active);
        Assert.Null(await ReadAsync(tables => tables.Runs.Active("none")));
    }

    [Fact]
    public async Task LastSuccess_returns_the_last_success_of_the_site_up_to_the_given_time()
    {
        await AddAsync(Success(Run(1), 1));
        await AddAsync(Success(Run(2), 5));
        await AddAsync(Run(3) with { Status = DeploymentStatus.Failed, Ended = Now.AddSeconds(3) });
        await AddAsync(Success(Run(4) with { Site = "other" }, 4));

        Assert.Null(await ReadAsync(tables => tables.Runs.LastSuccess("shop", Now)));
        Assert.Equal(Now.AddSeconds(1), await ReadAsync(tables => tables.Runs.LastSuccess("Shop", Now.AddSeconds(4))));
        Assert.Equal(Now.AddSeconds(5), await ReadAsync(tables => tables.Runs.LastSuccess("shop", Now.AddSeconds(5))));
    }

    [Fact]
    public async Task Silent_returns_unfinished_runs_that_are_past_their_own_limit()
    {
        await AddAsync(Run(1) with { SilentAfter = TimeSpan.FromSeconds(10) });
        await AddAsync(Run(2) with { SilentAfter = TimeSpan.FromSeconds(11) });
        await AddAsync(Success(Run(3) with { SilentAfter = TimeSpan.FromSeconds(10) }, 1));
        await AddAsync(Run(4) with { SilentAfter = TimeSpan.FromSeconds(10) });
        await WriteAsync(tables => tables.Runs.Touch(4, Now.AddSeconds(5)));

        Assert.Equal([1], await SilentAsync(Now.AddSeconds(10), Now));
        Assert.Equal([1, 2, 4], await SilentAsync(Now.AddSeconds(15), Now));
        Assert.Equal([1, 4], await SilentAsync(Now.AddSeconds(16), Now.AddSeconds(6)));
    }

    [Fact]
    public async Task Removing_a_deployment_deletes_all_its_runs_and_their_logs()
    {
        await AddAsync(Success(Run(1), 1));
        await AddAsync(Success(Run(2) with { Deployment = "d1", Number = 2 }, 2));
        await AddAsync(Run(3));
        await WriteAsync(tables =>
        {
            tables.Log.Append(1, [Line(1)], default, NoLimit);
            tables.Log.Append(3, [Line(1)], default, NoLimit);
            tables.Runs.Remove("shop", "d1");
        });
        Assert.Equal((1, 0), await Store.WriteAsync(tables => (tables.Log.PruneRemoved(9), tables.Log.PruneRemoved(9))));

        Assert.Equal([3], await ListAsync(null, 9, null));
        Assert.Null(await ReadAsync(tables => tables.Runs.FindByNumber("shop", "d1", 1)));
        Assert.Equal((0, 1), await ReadAsync(tables => (tables.Log.Read(1, 0).Count, tables.Log.Read(3, 0).Count)));
    }

    private Task AddAsync(RunRecord run) => WriteAsync(tables => tables.Runs.Insert(run));

    private Task<List<long>> ListAsync(string? site, int limit, DateTimeOffset? before) =>
        ReadAsync(tables => tables.Runs.List(site, limit, before).Select(run => run.Id).ToList());

    private async Task<IEnumerable<long>> SilentAsync(DateTimeOffset now, DateTimeOffset since) =>
        (await ReadAsync(tables => tables.Runs.Silent(now, since, 9))).Select(run => run.Id).Order();

    private static RunRecord Run(long id) => new()
    {
        Id = id,
        Site = "Shop",
        Deployment = "d" + id,
        Status = DeploymentStatus.Building,
        Received = Now,
        Started = Now,
        Heard = Now,
        SilentAfter = TimeSpan.FromHours(1),
    };

    private static RunRecord Success(RunRecord run, int seconds) => run with { Status = DeploymentStatus.Success, Ended = Now.AddSeconds(seconds) };
}
