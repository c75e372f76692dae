using Nyala.Server.Storage;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_push_is_found_by_its_exact_delivery_id_at_its_site()
    {
        await WriteAsync(tables => tables.PushWebhooks.Put(Push("d1"), keep: 10));
        await WriteAsync(tables => tables.PushWebhooks.Put(Push("d1") with { Run = 2 }, keep: 10));

        Assert.Equal(Push("d1") with { Run = 2 }, await ReadAsync(tables => tables.PushWebhooks.Find("shop", "d1")));
        Assert.Equal((null, null), await ReadAsync(tables => (tables.PushWebhooks.Find("shop", "D1"), tables.PushWebhooks.Find("other", "d1"))));
    }

    [Fact]
    public async Task Only_the_newest_pushes_of_each_site_are_kept()
    {
        await WriteAsync(tables =>
        {
            tables.PushWebhooks.Put(Push("other") with { Site = "other", Received = Now.AddDays(-1) }, keep: 3);
            for (int age = 9; age >= 0; age--)
            {
                tables.PushWebhooks.Put(Push("d" + age) with { Received = Now.AddMinutes(-age) }, keep: 3);
            }
        });

        Assert.Equal(
            ["d0", "d1", "d2"],
            await ReadAsync(tables => Enumerable.Range(0, 10).Select(age => "d" + age).Where(delivery => tables.PushWebhooks.Find("shop", delivery) is not null).ToList()));
        Assert.NotNull(await ReadAsync(tables => tables.PushWebhooks.Find("other", "other")));
    }

    [Fact]
    public async Task Forgetting_a_deployment_deletes_its_pushes_and_removing_a_site_deletes_all_of_them()
    {
        await WriteAsync(tables =>
        {
            tables.Sites.Touch("Shop", Now);
            tables.PushWebhooks.Put(Push("d1"), keep: 10);
            tables.PushWebhooks.Put(Push("d2") with { Deployment = "two" }, keep: 10);
            tables.PushWebhooks.SetTip("Shop", "main", "c1", Now, keep: 3);
            tables.PushWebhooks.Forget("shop", "one");
        });
        Assert.Equal((null, "two"), await ReadAsync(tables => (tables.PushWebhooks.Find("shop", "d1"), tables.PushWebhooks.Find("shop", "d2")?.Deployment)));

        await WriteAsync(tables => tables.Sites.Remove("shop"));

        Assert.Equal((null, null), await ReadAsync(tables => (tables.PushWebhooks.Find("shop", "d2"), tables.PushWebhooks.Tip("shop", "main"))));
    }

    [Fact]
    public async Task The_recent_tips_of_a_branch_are_found_by_its_exact_name()
    {
        await WriteAsync(tables =>
        {
            foreach (string commit in (string[])["c1", "c2", "c3", "c4", "c2"])
            {
                // The clock is set back after the first commit.
                tables.PushWebhooks.SetTip("Shop", "main", commit, Now.AddDays(commit == "c1" ? 1 : 0), keep: 3);
            }
        });

        Assert.Equal(("c2", null), await ReadAsync(tables => (tables.PushWebhooks.Tip("SHOP", "main"), tables.PushWebhooks.Tip("shop", "Main"))));
        Assert.Equal(
            [false, true, true, true],
            await ReadAsync(tables => ((string[])["c1", "c2", "c3", "c4"]).Select(commit => tables.PushWebhooks.WasTip("shop", "main", commit)).ToList()));
    }

    private static PushWebhookRecord Push(string delivery) => new("Shop", delivery, "c1", "one", 1, Now);
}
