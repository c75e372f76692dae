using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Access;

/// <summary>The event <c>TokenExpiring</c> and the response header <c>Nyala-Token-Expires</c>.</summary>
public sealed class TokenExpiryNotifierTests
{
    [Fact]
    public async Task TokenExpiring_is_sent_once_at_14_7_and_1_days_before_a_token_expires()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        await using Receiver receiver = await Receiver.StartAsync();
        await server.SubscribeAsync(receiver.Url, "TokenExpiring");
        Reply token = await CreateAsync(server, "build", 20, "shop", clock);

        var left = new List<string>();
        foreach (int days in new[] { 6, 7, 6 })
        {
            await AdvanceAsync(clock, TimeSpan.FromDays(days));
            Received received = await receiver.NextAsync();
            left.Add(received["daysLeft"]);
            Assert.Equal(
                ("TokenExpiring", token["id"], "build", "shop", "deploy", token["expires"]),
                (received["event"], received["tokenId"], received["tokenName"], received["site"], received["scopes"], received["expires"]));
            await server.RestartAsync();
        }

        Assert.Equal(["14", "7", "1"], left);

        // The event of a second token proves that the notifier ran again and sent nothing more for the first one.
        await CreateAsync(server, "witness", 2, null, clock);
        await AdvanceAsync(clock, TimeSpan.FromHours(25));
        Assert.Equal("witness", (await receiver.NextAsync())["tokenName"]);
    }

    [Fact]
    public async Task A_response_contains_the_expiry_of_the_callers_token()
    {
        await using TestServer server = await TestServer.StartAsync();
        Reply token = await CreateAsync(server, "build", 20, null);

        Reply own = await server.SendAsync(HttpMethod.Get, "/api/deployments", body: null, ("Authorization", $"Bearer {token["token"]}"));
        Reply admins = await server.GetAsync("/api/deployments");

        Assert.Equal(token["expires"], own.Headers["Nyala-Token-Expires"]);
        Assert.False(admins.Headers.ContainsKey("Nyala-Token-Expires"));
    }

    private static Task<Reply> CreateAsync(TestServer server, string name, int days, string? site, TimeProvider? clock = null) => server.PostAsync("/api/tokens", new JsonObject
    {
        ["name"] = name,
        ["scopes"] = new JsonArray("deploy"),
        ["expires"] = (clock ?? TimeProvider.System).GetUtcNow().AddDays(days).ToString("O"),
        ["site"] = site,
    });

    // The notifier runs once an hour.
    private static async Task AdvanceAsync(SignalClock clock, TimeSpan time)
    {
        await clock.TimerAsync(TimeSpan.FromHours(1));
        clock.Advance(time);
    }
}
