using System.Globalization;
using System.Text.Json;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>Bugs of Kudu's own webhooks. <c>docs/proof.md</c> lists them all, including those that are tested elsewhere.</summary>
public sealed class KuduMistakesTests : IAsyncLifetime
{
    private TestServer? _server;
    private Receiver? _receiver;

    private TestServer Server => _server!;

    private Receiver Receiver => _receiver!;

    public async ValueTask InitializeAsync()
    {
        // An attempt at a hanging receiver must outlast the test.
        _server = await TestServer.StartAsync(options => options.Outbound.AttemptTimeout = TimeSpan.FromMinutes(5));
        _receiver = await Receiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Receiver.Release();
        await Server.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    /// <summary>WebHooksManager held its lock file during every POST: nobody could subscribe, list or publish until all receivers had responded.</summary>
    [Fact]
    public async Task A_hanging_receiver_blocks_no_subscribe_change_list_publish_or_delete()
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

    /// <summary>Kudu kept all hooks in one JSON file and rewrote it at each change and each call: concurrent changes undid one another.</summary>
    [Fact]
    public async Task Concurrent_subscribes_deletes_and_publishes_do_not_undo_one_another()
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

    /// <summary>Kudu 2445: publishing one event type deleted the hooks of all other types.</summary>
    [Fact]
    public async Task Publishing_one_type_does_not_delete_the_hooks_of_other_types()
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

    /// <summary>Kudu 2391: an unhandled exception for a hook with an empty URL ended the process. Nyala refuses an empty URL and skips a stored one.</summary>
    [Fact]
    public async Task A_hook_with_an_empty_url_does_not_end_the_process()
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
