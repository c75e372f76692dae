using Nyala.Client;
using Nyala.Server.Storage;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_site_keeps_the_name_that_it_was_created_with()
    {
        Assert.Equal("Shop", await Store.WriteAsync(tables => tables.Sites.Touch("Shop", Now)));
        Assert.Equal("Shop", await Store.WriteAsync(tables => tables.Sites.Touch("SHOP", Now)));
        Assert.Equal(("Shop", null), await ReadAsync(tables => (tables.Sites.Find("shop")?.Name, tables.Sites.Find("shops")?.Name)));
    }

    [Fact]
    public async Task A_site_is_read_as_it_was_written_and_an_update_keeps_its_name_and_creation_time()
    {
        var shop = new SiteRecord("Shop", "release/2", "./deploy.sh \"a b\"", 3, "shop.example.com:8443", Now) { IsConfigured = true };
        await WriteAsync(tables =>
        {
            tables.Sites.Touch("zoo", Now.AddDays(1));
            tables.Sites.Insert(shop);
            tables.Sites.Touch("SHOP", Now.AddDays(1));
        });
        Assert.Equal([shop, SiteRecord.New("zoo", Now.AddDays(1))], await ReadAsync(tables => tables.Sites.List("", 10)));

        var bare = new SiteRecord("shop", "main", null, 100, null, Now.AddDays(2));
        Assert.Equal((true, false), await Store.WriteAsync(tables => (tables.Sites.Update(bare), tables.Sites.Update(bare with { Name = "other" }))));

        Assert.Equal(bare with { Name = "Shop", Created = Now }, await ReadAsync(tables => tables.Sites.Find("sHOP")));
        Assert.Equal("main", await ReadAsync(tables => tables.Sites.Find("zoo")!.Branch));
    }

    [Fact]
    public async Task A_site_that_violates_a_constraint_is_not_stored()
    {
        SiteRecord good = SiteRecord.New("shop", Now);
        await WriteAsync(tables => tables.Sites.Insert(good));

        await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(tables => tables.Sites.Insert(good with { Name = "SHOP" })));
        await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(tables => tables.Sites.Insert(good with { Name = "a", Keep = 0 })));
        await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(tables => tables.Sites.Update(good with { Keep = 101 })));

        Assert.Equal([good], await ReadAsync(tables => tables.Sites.List("", 10)));
    }

    [Fact]
    public async Task A_setting_has_one_value_ignoring_the_case_of_its_name()
    {
        await WriteAsync(tables =>
        {
            tables.Sites.SetSetting("shop", new SiteSetting("Key", "1"));
            tables.Sites.SetSetting("shop", new SiteSetting("a", ""));
            tables.Sites.SetSetting("zoo", new SiteSetting("key", "3"));
            tables.Sites.SetSetting("SHOP", new SiteSetting("KEY", "2"));
        });

        Assert.Equal([new("a", ""), new("KEY", "2")], await ReadAsync(tables => tables.Sites.Settings("Shop")));
        Assert.Equal(2, await ReadAsync(tables => tables.Sites.CountSettings("Shop")));
        Assert.Equal(new SiteSetting("key", "3"), await ReadAsync(tables => tables.Sites.Setting("Zoo", "Key")));
        Assert.Null(await ReadAsync(tables => tables.Sites.Setting("zoo", "a")));
        Assert.Equal((true, false), await Store.WriteAsync(tables => (tables.Sites.RemoveSetting("shop", "keY"), tables.Sites.RemoveSetting("shop", "key"))));
        Assert.Equal([new("a", "")], await ReadAsync(tables => tables.Sites.Settings("shop")));
        Assert.Equal(1, await ReadAsync(tables => tables.Sites.CountSettings("zoo")));
    }

    [Fact]
    public async Task Removing_a_site_deletes_its_settings_and_deactivates_its_run()
    {
        RunRecord run = new()
        {
            Id = 1,
            Site = "Shop",
            Deployment = "a",
            Status = DeploymentStatus.Success,
            Received = Now,
            Started = Now,
            Ended = Now,
            Heard = Now,
            Active = true,
        };
        await WriteAsync(tables =>
        {
            foreach (string site in (string[])["Shop", "zoo"])
            {
                tables.Sites.Touch(site, Now);
                tables.Sites.SetSetting(site, new SiteSetting("key", "1"));
            }

            tables.Runs.Insert(run);
            tables.Runs.Insert(run with { Id = 2, Site = "zoo" });
        });

        Assert.Equal((true, false), await Store.WriteAsync(tables => (tables.Sites.Remove("shop"), tables.Sites.Remove("shop"))));

        Assert.Null(await ReadAsync(tables => tables.Sites.Find("shop")));
        Assert.Empty(await ReadAsync(tables => tables.Sites.Settings("shop")));
        Assert.Null(await ReadAsync(tables => tables.Runs.Active("shop")));
        Assert.Equal(run with { Active = false }, await ReadAsync(tables => tables.Runs.FindLatest("shop", "a")));
        Assert.NotNull(await ReadAsync(tables => tables.Sites.Find("zoo")));
        Assert.Single(await ReadAsync(tables => tables.Sites.Settings("zoo")));
        Assert.NotNull(await ReadAsync(tables => tables.Runs.Active("zoo")));
    }
}
