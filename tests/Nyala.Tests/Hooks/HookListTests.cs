using System.Text;
using System.Text.Json;
using Nyala.Server.Access;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary>Lists are complete and written as they are read, or come in pages on request. They contain only what the caller may see.</summary>
public sealed class HookListTests
{
    private const int Mebibyte = 1024 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_last_context_is_cut_in_a_list_and_complete_in_a_single_hook()
    {
        await using TestServer server = await StartAsync();
        string context = new string('a', 2047) + "é" + new string('b', 100);
        await AddAsync(server, 1, Encoding.UTF8.GetBytes(context));
        await AddAsync(server, 2, Encoding.UTF8.GetBytes(context[..2047]));

        JsonElement[] hooks = await ListAsync(server, "/api/hooks");

        Assert.Equal((context[..2047], true), (hooks[0].GetProperty("last_context").GetString(), hooks[0].GetProperty("last_context_is_cut").GetBoolean()));
        Assert.Equal(context[..2047], hooks[1].GetProperty("last_context").GetString());
        Assert.False(hooks[1].TryGetProperty("last_context_is_cut", out _));
        Reply whole = await server.GetAsync("/api/hooks/1");
        Assert.Equal(context, whole["last_context"]);
        Assert.DoesNotContain("is_cut", whole.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreadable_filter_fails_neither_the_list_nor_its_hook()
    {
        await using TestServer server = await StartAsync();
        await server.Store.WriteAsync(tables =>
        {
            tables.Hooks.Insert(Some.StoredHook(1) with { Filter = "nonsense" });
            tables.Hooks.Insert(Some.StoredHook(2) with { Filter = """{"branch":7}""" });
            tables.Hooks.Insert(Some.StoredHook(3) with { Filter = """{"branch":["main"]}""" });
            tables.Hooks.Insert(Some.StoredHook(4) with { Filter = """[{"branch":["main"]},7]""" });
            tables.Hooks.Insert(Some.StoredHook(5) with { Filter = """[{"branch":["main"]},{"status":["failed"]}]""" });
            return true;
        });

        JsonElement[] hooks = await ListAsync(server, "/api/hooks");

        Assert.Equal(["1", "2", "3", "4", "5"], hooks.Select(hook => hook.GetProperty("id").GetString()));
        Assert.Equal(
            ["null", "null", """{"branch":["main"]}""", "null", """[{"branch":["main"]},{"status":["failed"]}]"""],
            hooks.Select(hook => hook.GetProperty("filter").GetRawText()));
        Assert.Equal(200, (await server.GetAsync("/api/hooks/1")).Code);
    }

    [Fact]
    public async Task Unreadable_headers_credentials_or_certificates_fail_neither_the_list_nor_their_hook()
    {
        await using TestServer server = await StartAsync();
        await server.Store.WriteAsync(tables =>
        {
            tables.Hooks.Insert(Some.StoredHook(1) with { Headers = "nonsense" });
            tables.Hooks.Insert(Some.StoredHook(2) with { UserInfo = "nonsense" });
            tables.Hooks.Insert(Some.StoredHook(3) with { ClientCertificate = "nonsense" });
            return true;
        });

        JsonElement[] hooks = await ListAsync(server, "/api/hooks");

        Assert.Equal(["1", "2", "3"], hooks.Select(hook => hook.GetProperty("id").GetString()));
        foreach (string id in (string[])["1", "2", "3"])
        {
            Assert.Equal(200, (await server.GetAsync($"/api/hooks/{id}")).Code);
        }
    }

    /// <summary>A list of 100 hooks that had sent one event of 1 MiB was once a response of 100 MiB.</summary>
    [Fact]
    public async Task A_list_does_not_grow_with_the_size_of_the_events_that_were_sent()
    {
        await using TestServer server = await StartAsync();
        byte[] body = new byte[Mebibyte];
        Array.Fill(body, (byte)'x');
        await server.Store.WriteAsync(tables =>
        {
            tables.Events.Insert(new EventRecord(1, "Big", "default", body, SignalClock.Beginning));
            for (int i = 1; i <= 100; i++)
            {
                tables.Hooks.Insert(Some.StoredHook(i));
                tables.RecordLastAttempt(i, new LastAttempt("OK", null, SignalClock.Beginning, 1), default);
            }

            return true;
        });

        Reply reply = await server.GetAsync("/api/hooks");

        Assert.Equal(200, reply.Code);
        Assert.InRange(reply.Text.Length, 100 * 2048, 100 * 4096);
    }

    [Fact]
    public async Task A_list_hides_last_context_from_a_token_with_only_the_read_scope()
    {
        await using TestServer server = await StartAsync();
        await AddAsync(server, 1, "{}"u8.ToArray());
        Reply token = await server.SendAsync(HttpMethod.Post, "/api/tokens", """{"name":"r","scopes":["read"]}""");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/hooks");
        request.Headers.Authorization = new("Bearer", token["token"]);
        using HttpResponseMessage reply = await server.Anonymous.SendAsync(request, Cancellation);

        JsonElement hook = Assert.Single(JsonElement.Parse(await reply.Content.ReadAsStringAsync(Cancellation)).EnumerateArray());
        Assert.Equal(JsonValueKind.Null, hook.GetProperty("last_context").ValueKind);
    }

    [Theory]
    [InlineData("/api/hooks", "id", 230)]
    [InlineData("/api/hooks?state=all", "id", 250)]
    [InlineData("/api/hooks?state=gone", "id", 20)]
    [InlineData("/sites/shop/api/hooks", "id", 100)]
    [InlineData("/api/tokens", "id", 1100)]
    [InlineData("/api/sites", "name", 1100)]
    public async Task A_list_is_complete_without_a_limit_and_equals_the_sum_of_its_pages(string path, string key, int count)
    {
        await using TestServer server = await StartAsync();
        await server.Store.WriteAsync(tables =>
        {
            for (int i = 1; i <= 250; i++)
            {
                tables.Hooks.Insert(Some.StoredHook(i) with { Site = i <= 100 ? "shop" : null, State = i > 230 ? HookState.Gone : HookState.Active });
            }

            for (int i = 1; i < 1100; i++)
            {
                // The default site exists already, and the API creates one more token below, so that both lists have 1100 entries.
                tables.Sites.Touch($"site-{i:D4}", SignalClock.Beginning);
                tables.Tokens.Insert(new TokenRecord { Id = i, Name = "t", Hash = [.. BitConverter.GetBytes(i), .. new byte[28]], Scopes = Scopes.Read, Created = SignalClock.Beginning });
            }

            return true;
        });
        await server.RestartAsync();
        await server.SendAsync(HttpMethod.Post, "/api/tokens", """{"name":"last","scopes":["read"]}""");

        string[] whole = Keys(await ListAsync(server, path), key);
        Assert.Equal(count, whole.Distinct().Count());

        var paged = new List<string>();
        for (string? next = path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "limit=7"; next is not null;)
        {
            using HttpResponseMessage reply = await server.Http.GetAsync(next, Cancellation);
            string[] page = Keys([.. JsonElement.Parse(await reply.Content.ReadAsStringAsync(Cancellation)).EnumerateArray()], key);
            Assert.InRange(page.Length, 0, 7);
            paged.AddRange(page);
            next = reply.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single()[1..].Split('>')[0] : null;
        }

        Assert.Equal(whole, paged);
    }

    [Fact]
    public async Task The_link_to_the_next_page_uses_the_public_url()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.PublicUrl = "https://hooks.example.org/nyala/");
        await AddAsync(server, 1, "{}"u8.ToArray());
        await AddAsync(server, 2, "{}"u8.ToArray());

        Reply reply = await server.GetAsync("/api/hooks?state=all&limit=1");

        Assert.Equal("<https://hooks.example.org/nyala/api/hooks?state=all&limit=1&after=1>; rel=\"next\"", reply.Headers["Link"]);
    }

    [Theory]
    [InlineData("/api/hooks?limit=0", "'limit' must be a whole number from 1 to 1000.")]
    [InlineData("/api/tokens?limit=1001", "'limit' must be a whole number from 1 to 1000.")]
    [InlineData("/api/sites?limit=x", "'limit' must be a whole number from 1 to 1000.")]
    [InlineData("/api/hooks?after=x", "'after' must be the id of an entry. The page starts after that entry.")]
    [InlineData("/api/tokens?after=-1", "'after' must be the id of an entry. The page starts after that entry.")]
    public async Task A_list_returns_400_for_an_invalid_limit_or_after_parameter(string path, string reason)
    {
        await using TestServer server = await StartAsync();

        Reply reply = await server.GetAsync(path);

        Assert.Equal((400, reason), (reply.Code, reply.Reason));
    }

    /// <summary>Unsubscribing by URL at the root once read the URL of every hook, on the writing thread.</summary>
    [Fact]
    public async Task A_url_with_a_renewed_signature_unsubscribes_one_of_many_hooks()
    {
        await using TestServer server = await StartAsync();
        await server.Store.WriteAsync(tables =>
        {
            for (int i = 1; i <= 500; i++)
            {
                tables.Hooks.Insert(Some.StoredHook(i) with { Url = $"http://127.0.0.1:9/run?sp=a&w={i}&sig=A" });
            }

            return true;
        });

        Assert.Equal(200, (await server.DeleteAsync("/api/hooks?url=" + Uri.EscapeDataString("http://127.0.0.1:9/run?sp=a&w=77&sig=renewed"))).Code);

        Assert.Equal(404, (await server.GetAsync("/api/hooks/77")).Code);
        Assert.Equal(499, (await ListAsync(server, "/api/hooks")).Length);
    }

    /// <summary>Starts a server whose clock matches the stored rows. With the machine's clock, the pruner would delete them during the test.</summary>
    private static Task<TestServer> StartAsync() => TestServer.StartAsync(clock: new SignalClock());

    private static Task AddAsync(TestServer server, long id, byte[] body) => server.Store.WriteAsync(tables =>
    {
        tables.Hooks.Insert(Some.StoredHook(id));
        tables.Events.Insert(new EventRecord(id + 1000, "T", "default", body, SignalClock.Beginning));
        tables.RecordLastAttempt(id, new LastAttempt("OK", null, SignalClock.Beginning, id + 1000), default);
        return true;
    });

    private static async Task<JsonElement[]> ListAsync(TestServer server, string path)
    {
        Reply reply = await server.GetAsync(path);
        Assert.Equal(200, reply.Code);
        Assert.Equal("application/json; charset=utf-8", reply.ContentType);
        return [.. JsonElement.Parse(reply.Text).EnumerateArray()];
    }

    private static string[] Keys(JsonElement[] entries, string key) => [.. entries.Select(entry => entry.GetProperty(key).GetString()!)];
}
