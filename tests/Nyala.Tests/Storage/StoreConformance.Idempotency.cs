using Nyala.Client;
using Nyala.Server.Storage;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task An_idempotency_key_is_found_by_its_exact_text_at_its_site()
    {
        await WriteAsync(tables => tables.IdempotencyKeys.Put(new IdempotencyRecord("Shop", "k", [1, 2], 5, Now)));

        IdempotencyRecord? found = await ReadAsync(tables => tables.IdempotencyKeys.Find("shop", "k"));
        Assert.Equal(("Shop", "k", 5, Now), (found!.Site, found.Key, found.Event, found.Created));
        Assert.Equal([1, 2], found.Digest);
        Assert.Equal((null, null), await ReadAsync(tables => (tables.IdempotencyKeys.Find("shop", "K"), tables.IdempotencyKeys.Find("other", "k"))));
    }

    [Fact]
    public async Task A_newer_publish_replaces_an_older_one_with_the_same_idempotency_key()
    {
        await WriteAsync(tables => tables.IdempotencyKeys.Put(new IdempotencyRecord("Shop", "k", [1], 5, Now)));
        await WriteAsync(tables => tables.IdempotencyKeys.Put(new IdempotencyRecord("shop", "k", [2], 6, Now.AddDays(2))));

        Assert.Equal(6, (await ReadAsync(tables => tables.IdempotencyKeys.Find("shop", "k")))!.Event);
        Assert.Equal(1, await Store.WriteAsync(tables => tables.IdempotencyKeys.Prune(DateTimeOffset.MaxValue, 10)));
    }

    [Fact]
    public async Task Old_idempotency_keys_are_deleted_in_batches_oldest_first()
    {
        await WriteAsync(tables =>
        {
            for (int age = 0; age < 5; age++)
            {
                tables.IdempotencyKeys.Put(new IdempotencyRecord("shop", "k" + age, [1], age, Now.AddHours(-age)));
            }
        });

        Assert.Equal(2, await Store.WriteAsync(tables => tables.IdempotencyKeys.Prune(Now, 2)));
        Assert.Equal("k0,k1,k2", await KeptAsync());
        Assert.Equal(2, await Store.WriteAsync(tables => tables.IdempotencyKeys.Prune(Now, 9)));
        Assert.Equal("k0", await KeptAsync());

        async Task<string> KeptAsync() => string.Join(',', await ReadAsync(
            tables => Enumerable.Range(0, 5).Select(age => "k" + age).Where(key => tables.IdempotencyKeys.Find("shop", key) is not null).ToList()));
    }

    [Fact]
    public async Task The_previous_status_is_taken_from_the_run_of_the_site_that_ended_last()
    {
        await AddAsync(Success(Run(1), 1));
        await AddAsync(Success(Run(2), 3) with { Status = DeploymentStatus.Failed });
        await AddAsync(Success(Run(3), 9) with { Site = "other", Status = DeploymentStatus.Failed });
        await AddAsync(Run(4));
        await AddAsync(Success(Run(5), 2));

        Assert.Equal(DeploymentStatus.Success, await BeforeAsync(2, 0));
        Assert.Equal(DeploymentStatus.Failed, await BeforeAsync(3, 0));
        Assert.Equal(DeploymentStatus.Success, await BeforeAsync(3, 2));
        Assert.Equal(DeploymentStatus.Failed, await BeforeAsync(9, 4));
        Assert.Null(await BeforeAsync(0, 0));

        Task<DeploymentStatus?> BeforeAsync(int seconds, long except) => ReadAsync(tables => tables.Runs.StatusBefore("SHOP", Now.AddSeconds(seconds), except));
    }
}
