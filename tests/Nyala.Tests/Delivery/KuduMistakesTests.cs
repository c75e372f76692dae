using System.Globalization;
using System.Text.Json;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>What went wrong in Kudu's own web hooks. <c>docs/proof.md</c> has them all, with those that are tested elsewhere.</summary>
public sealed class KuduMistakesTests : IAsyncLifetime
{
    private TestServer? _server;
    private Receiver? _receiver;

    private TestServer Server => _server!;

    private Receiver Receiver => _receiver!;

    public async ValueTask InitializeAsync()
    {
        // Whoever waits for a receiver that hangs waits for longer than a test does.
        _server = await TestServer.StartAsync(options => options.Outbound.AttemptTimeout = TimeSpan.FromMinutes(5));
        _receiver = await Receiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Receiver.Release();
        await Server.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    /// <summary>WebHooksManager held its lock file across every POST: nobody could subscribe, list or publish until all receivers had answered.</summary>
    [Fact]
    public async Task One_lock_is_held_across_all_posts()
    {
        await using Receiver other = await Receiver.StartAsync();
        Receiver.Hold();
        string hanging = await Server.SubscribeAsync(Receiver.Url, "Hangs");
        await Server.SendAsync(HttpMethod.Post, "/api/hooks/publish/Hangs", "{}", ("Prefer", "respond-async"));
        await Receiver.NextAsync();

        string id = await Server.SubscribeAsync(other.Url, "Goes").InTimeAsync();
        Assert.Equal(200, (await Server.SendAsync(HttpMethod.Patch, $"/api/hooks/{hanging}", """{"description":"hangs"}""").InTimeAsync()).Code);
        Assert.Equal(2, (await Server.GetAsync("/api/hooks").InTimeAsync()).Json.GetArrayLength());
        Assert.Equal(200, (await Server.SendAsync(HttpMethod.Post, "/api/hooks/publish/Goes", "{}").InTimeAsync()).Code);
        Assert.Equal(200, (await Server.DeleteAsync($"/api/hooks/{id}").InTimeAsync()).Code);
        Assert.Equal(200, (await Server.DeleteAsync($"/api/hooks/{hanging}").InTimeAsync()).Code);

        Assert.Equal((1, 1), (Receiver.Count, other.Count));
    }

    /// <summary>All hooks stood in one JSON file that each change and each call wrote anew: changes at a time undid one another.</summary>
    [Fact]
    public async Task Hooks_lie_in_one_file_that_is_rewritten_each_time()
    {
        const int Each = 20;
        string[] doomed = await Task.WhenAll(Enumerable.Range(0, Each).Select(i => Server.SubscribeAsync(Url($"doomed-{i}"), "Fires")));

        Task<string>[] subscribed = [.. Enumerable.Range(0, Each).Select(i => Server.SubscribeAsync(Url($"kept-{i}"), "Fires"))];
        Task<Reply>[] removed = [.. doomed.Select(id => Server.DeleteAsync($"/api/hooks/{id}"))];
        Task<Reply>[] fired = [.. Enumerable.Range(0, Each).Select(_ => Server.SendAsync(HttpMethod.Post, "/api/hooks/publish/Fires", "{}"))];
        string[] kept = await Task.WhenAll(subscribed);
        await Task.WhenAll(removed);
        await Task.WhenAll(fired);
        await Server.RestartAsync();

        Assert.Equal(kept.Order(), await HooksAsync());
    }

    /// <summary>Kudu 2445: to publish one type of event deleted the hooks of every other.</summary>
    [Fact]
    public async Task Firing_one_type_deletes_the_hooks_of_the_others()
    {
        string[] all =
        [
            await Server.SubscribeAsync(Url("1"), "One"), await Server.SubscribeAsync(Url("2"), "Two"), await Server.SubscribeAsync(Url("any"), "*"),
            await Server.SubscribeAsync(Url("site"), "Two", "/sites/shop/api/hooks"),
        ];

        await Server.SendAsync(HttpMethod.Post, "/api/hooks/publish/One", "{}");
        Assert.Equal(all.Order(), await HooksAsync());
        await Server.RestartAsync();
        await Server.SendAsync(HttpMethod.Post, "/sites/shop/api/hooks/publish/Two", "{}");

        Assert.Equal(all.Order(), await HooksAsync());
        string[] called = [.. (await TakeAsync(5)).Select(request => request.PathAndQuery)];
        Assert.Equal(["/1", "/2", "/any", "/any", "/site"], called.Order());
    }

    /// <summary>Kudu 2391: a hook with an empty URL threw where nobody caught it, and ended the process. None is taken now; one that is there is passed over.</summary>
    [Fact]
    public async Task An_empty_url_kills_the_process()
    {
        const long Empty = 5;
        await Server.SubscribeAsync(Receiver.Url, "Built");
        await Server.Store.WriteAsync(tables =>
        {
            HookRecord good = tables.Hooks.All()[0];
            tables.Hooks.Insert(good with { Id = Empty, Url = "" });
            return true;
        });

        await Server.SendAsync(HttpMethod.Post, "/api/hooks/publish/Built", "1", ("Prefer", "respond-async"));
        Assert.Equal("1", (await Receiver.NextAsync()).Text);
        await Server.RestartAsync();
        await Server.SendAsync(HttpMethod.Post, "/api/hooks/publish/Built", "2", ("Prefer", "respond-async"));

        Assert.Equal("2", (await Receiver.NextAsync()).Text);
        Assert.Equal("""{"status":"ready"}""", (await Server.GetAsync("/healthz")).Text);
        Assert.Contains(Empty.ToString(CultureInfo.InvariantCulture), await HooksAsync());
        Assert.Equal(400, (await Server.PostAsync("/api/hooks", Some.Hook("", "Built"))).Code);
    }

    private Uri Url(string path) => new(Receiver.Url, "/" + path);

    private async Task<Received[]> TakeAsync(int count)
    {
        var taken = new Received[count];
        for (int i = 0; i < count; i++)
        {
            taken[i] = await Receiver.NextAsync();
        }

        return taken;
    }

    private async Task<IEnumerable<string>> HooksAsync()
    {
        JsonElement hooks = (await Server.GetAsync("/api/hooks")).Json;
        return hooks.EnumerateArray().Select(hook => hook.GetProperty("id").GetString()!).Order();
    }
}
