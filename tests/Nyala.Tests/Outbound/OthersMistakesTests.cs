using System.Globalization;
using System.Text.Json.Nodes;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound;

/// <summary>Bugs of other senders in outbound requests. <c>docs/proof.md</c> lists them all, including those that are tested elsewhere.</summary>
public sealed class OthersMistakesTests
{
    /// <summary>
    /// Postiz checked the address only when a hook was created. In this test, the address of an existing hook is no longer allowed, and no
    /// change to the hook leads to a request.
    /// </summary>
    [Fact]
    public async Task No_change_to_an_existing_hook_bypasses_the_address_check()
    {
        string[] allow = ["127.0.0.1"];
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.Urls = "http://127.0.0.1:0;http://0.0.0.0:0";
            options.Outbound.Allow = allow;
        });
        string id = await server.SubscribeAsync(receiver.Url, "Built");
        string hook = $"/api/hooks/{id}";
        Assert.Equal("delivered", (await server.SendAsync(HttpMethod.Post, hook + "/ping"))["state"]);
        await server.StopAsync();
        allow = [];
        await server.StartAgainAsync();

        (HttpMethod Method, string Path, string? Body, HookState From)[] ways =
        [
            (HttpMethod.Patch, hook, """{"description":"x","headers":{"X-A":"1"},"insecure_ssl":true,"rate":60000}""", HookState.Active),
            (HttpMethod.Post, hook + "/resume", null, HookState.Paused),
            (HttpMethod.Post, hook + "/enable", null, HookState.Disabled),
            (HttpMethod.Post, hook + "/restore", null, HookState.Gone),
            (HttpMethod.Post, hook + "/rotate-secret", null, HookState.Active),
        ];
        foreach ((HttpMethod method, string path, string? body, HookState from) in ways)
        {
            await server.Store.WriteAsync(tables =>
            {
                long number = long.Parse(id, CultureInfo.InvariantCulture);
                tables.Hooks.SetState(number, from, null, TimeProvider.System.GetUtcNow());
                tables.Hooks.SetHealth(number, default);
                return true;
            });
            Assert.Equal(200, (await server.SendAsync(method, path, body)).Code);
            await server.SendAsync(HttpMethod.Post, "/api/hooks/publish/Built", "{}");

            Reply read = await server.SendAsync(HttpMethod.Post, hook + "/ping");
            Assert.Equal("failed", read["state"]);
            Assert.Contains("is not allowed: loopback", read["last_reason"], StringComparison.Ordinal);
        }

        Assert.Equal(400, (await server.PostAsync("/api/hooks", Some.Hook(receiver.Url.AbsoluteUri, "Built"))).Code);
        Assert.Equal(1, receiver.Count);
    }

    /// <summary>Octopus Deploy 5411: Authorization was set on the content's headers, which refuse it.</summary>
    [Theory]
    [InlineData("ann:secret@", null, "Basic YW5uOnNlY3JldA==")]
    [InlineData("", "Bearer abc", "Bearer abc")]
    [InlineData("", "Digest username=\"ann\", realm=\"x\"", "Digest username=\"ann\", realm=\"x\"")]
    public async Task Authorization_arrives_from_the_user_info_or_from_a_custom_header(string userInfo, string? header, string arrives)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestServer server = await TestServer.StartAsync();
        JsonObject hook = Some.Hook($"http://{userInfo}{receiver.Url.Authority}{receiver.Url.AbsolutePath}", "Built");
        if (header is not null)
        {
            hook["headers"] = new JsonObject { ["authorization"] = header };
        }

        string id = (await server.PostAsync("/api/hooks", hook))["id"];
        await server.SendAsync(HttpMethod.Post, "/api/hooks/publish/Built", "{}");
        await server.SendAsync(HttpMethod.Post, $"/api/hooks/{id}/ping");

        for (int i = 0; i < 2; i++)
        {
            Received request = await receiver.NextAsync();
            Assert.Equal(arrives, request.Header("Authorization"));
            Assert.StartsWith("application/json", request.Header("Content-Type"), StringComparison.Ordinal);
        }
    }
}
