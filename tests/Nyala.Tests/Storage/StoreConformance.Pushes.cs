using Nyala.Server.Storage;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_push_is_found_by_its_exact_delivery_id_at_its_site()
    {
        await WriteAsync(tables => tables.Pushes.Put(Push("d1"), keep: 10));
        await WriteAsync(tables => tables.Pushes.Put(Push("d1") with { Run = 2 }, keep: 10));

        Assert.Equal(Push("d1") with { Run = 2 }, await ReadAsync(tables => tables.Pushes.Find("shop", "d1")));
        Assert.Equal((null, null), await ReadAsync(tables => (tables.Pushes.Find("shop", "D1"), tables.Pushes.Find("other", "d1"))));
    }

    [Fact]
    public async Task Only_the_newest_pushes_of_each_site_are_kept()
    {
        await WriteAsync(tables =>
        {
            tables.Pushes.Put(Push("other") with { Site = "other", Received = Now.AddDays(-1) }, keep: 3);
            for (int age = 9; age >= 0; age--)
            {
                tables.Pushes.Put(Push("d" + age) with { Received = Now.AddMinutes(-age) }, keep: 3);
            }
        });

        Assert.Equal(
            ["d0", "d1", "d2"],
            await ReadAsync(tables => Enumerable.Range(0, 10).Select(age => "d" + age).Where(delivery => tables.Pushes.Find("shop", delivery) is not null).ToList()));
        Assert.NotNull(await ReadAsync(tables => tables.Pushes.Find("other", "other")));
    }

    [Fact]
    public async Task Forgetting_a_deployment_deletes_its_pushes_and_removing_a_site_deletes_all_of_them()
    {
        await WriteAsync(tables =>
        {
            tables.Sites.Touch("Shop", Now);
            tables.Pushes.Put(Push("d1"), keep: 10);
            tables.Pushes.Put(Push("d2") with { Deployment = "two" }, keep: 10);
            tables.Pushes.SetTip("Shop", "main", "c1", Now, keep: 3);
            tables.Pushes.Forget("shop", "one");
        });
        Assert.Equal((null, "two"), await ReadAsync(tables => (tables.Pushes.Find("shop", "d1"), tables.Pushes.Find("shop", "d2")?.Deployment)));

        await WriteAsync(tables => tables.Sites.Remove("shop"));

        Assert.Equal((null, null), await ReadAsync(tables => (tables.Pushes.Find("shop", "d2"), tables.Pushes.Tip("shop", "main"))));
    }

    [Fact]
    public async Task The_recent_tips_of_a_branch_are_found_by_its_exact_name()
    {
        await WriteAsync(tables =>
        {
            foreach (string commit in (string[])["c1", "c2", "c3", "c4", "c2"])
            {
                // The clock is set back after the first commit.
                tables.Pushes.SetTip("Shop", "main", commit, Now.AddDays(commit == "c1" ? 1 : 0), keep: 3);
            }
        });

        Assert.Equal(("c2", null), await ReadAsync(tables => (tables.Pushes.Tip("SHOP", "main"), tables.Pushes.Tip("shop", "Main"))));
        Assert.Equal(
            [false, true, true, true],
            await ReadAsync(tables => ((string[])["c1", "c2", "c3", "c4"]).Select(commit => tables.Pushes.WasTip("shop", "main", commit)).ToList()));
    }

    private static PushRecord Push(string delivery) => new("Shop", delivery, "c1", "one", 1, Now);
}
