using Nyala.Client;
using Nyala.Server.Storage;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task An_idempotency_key_is_found_by_its_exact_text_at_its_site()
    {
        await PublishAsync(5, "k", "Shop");

        Assert.Equal((AcceptOutcome.Replayed, 5), await PublishAsync(6, "k"));
        Assert.Equal((AcceptOutcome.Accepted, 7), await PublishAsync(7, "K"));
        Assert.Equal((AcceptOutcome.Accepted, 8), await PublishAsync(8, "k", "other"));
    }

    [Fact]
    public async Task A_newer_publish_replaces_an_older_one_with_the_same_idempotency_key()
    {
        await PublishAsync(5, "k", "Shop");
        _clock.Advance(TimeSpan.FromDays(2));
        await PublishAsync(6, "k");

        Assert.Equal((AcceptOutcome.Replayed, 6), await PublishAsync(7, "k"));
        Assert.Equal(1, await Store.WriteAsync(tables => tables.IdempotencyKeys.Prune(DateTimeOffset.MaxValue, 10)));
    }

    [Theory]
    [InlineData(2, 2, "2,3,4")]
    [InlineData(9, 4, "4")]
    public async Task Old_idempotency_keys_are_deleted_in_batches_oldest_first(int limit, int deleted, string kept)
    {
        // The order of the keys is not that of their times.
        for (int hour = 0; hour < 5; hour++)
        {
            await PublishAsync(100 + hour, "k" + (hour * 3 % 5));
            _clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(deleted, await Store.WriteAsync(tables => tables.IdempotencyKeys.Prune(Now.AddHours(4), limit)));

        var found = new List<int>();
        for (int hour = 0; hour < 5; hour++)
        {
            if (await PublishAsync(200 + hour, "k" + (hour * 3 % 5)) == (AcceptOutcome.Replayed, 100 + hour))
            {
                found.Add(hour);
            }
        }

        Assert.Equal(kept, string.Join(',', found));
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

    private async Task<(AcceptOutcome Outcome, long Event)> PublishAsync(long id, string key, string site = "shop")
    {
        AcceptResult result = Assert.Single(await AcceptAsync(Event(id) with { Site = site, Key = new EventKey(key, [1, 2], TimeSpan.FromHours(24)) }));
        return (result.Outcome, result.Event);
    }
}
