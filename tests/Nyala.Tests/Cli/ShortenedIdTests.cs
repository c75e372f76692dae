using Nyala.Tests.Cli.Support;
using Nyala.Tests.Deploying;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary>Every command for a single item accepts part of its id, and <c>latest</c>, against a real server.</summary>
public sealed class ShortenedIdTests : IAsyncLifetime
{
    private readonly CliHarness _cli = new();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _cli["NYALA_SERVER"] = _server.Address.AbsoluteUri;
        _cli["NYALA_TOKEN"] = TestServer.Token;
    }

    public ValueTask DisposeAsync()
    {
        _cli.Dispose();
        return _server.DisposeAsync();
    }

    [Theory]
    [InlineData("show")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("enable")]
    [InlineData("restore")]
    [InlineData("rotate-secret")]
    [InlineData("set", "--rate", "5")]
    [InlineData("ping")]
    [InlineData("remove")]
    public async Task Hook_commands_accept_part_of_an_id_and_latest(string verb, params string[] rest)
    {
        foreach (Func<string, string> shorten in Ways)
        {
            await using Receiver receiver = await Receiver.StartAsync();
            string id = await _server.SubscribeAsync(receiver.Url);
            await DoneAsync(["hooks", verb, shorten(id), .. rest]);
            Assert.Equal(verb == "remove" ? 404 : 200, (await _server.GetAsync($"/api/hooks/{id}")).Code);
        }
    }

    [Fact]
    public async Task Revoking_a_token_accepts_part_of_its_id_and_latest()
    {
        foreach (Func<string, string> shorten in Ways)
        {
            string id = (await _server.SendAsync(HttpMethod.Post, "/api/tokens", """{"name":"a","scopes":["read"]}"""))["id"];
            await DoneAsync("tokens", "revoke", shorten(id));
            Assert.DoesNotContain(id, (await _server.GetAsync("/api/tokens")).Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("show")]
    [InlineData("set", "--branch", "other")]
    [InlineData("settings", "list")]
    [InlineData("remove", "--yes")]
    public async Task Site_commands_accept_part_of_a_name_and_all_but_remove_accept_latest(string verb, params string[] rest)
    {
        foreach (Func<string, string> shorten in Ways)
        {
            string name = Guid.NewGuid().ToString("N");
            Assert.Equal(201, (await _server.SendAsync(HttpMethod.Post, "/api/sites", $$"""{"name":"{{name}}"}""")).Code);
            if (verb == "remove" && shorten(name) == "latest")
            {
                // Removing a site may delete the only copy of its repository, so the site must be named.
                Assert.Equal(2, (await _cli.RunAsync("sites", verb, "latest", "--yes")).ExitCode);
                continue;
            }

            await DoneAsync(rest is ["list"] ? ["sites", verb, "list", shorten(name)] : ["sites", verb, shorten(name), .. rest]);
            Assert.Equal(verb == "remove" ? 404 : 200, (await _server.GetAsync($"/api/sites/{name}")).Code);
        }
    }

    [Theory]
    [InlineData("show")]
    [InlineData("log")]
    [InlineData("runs")]
    [InlineData("redeploy")]
    [InlineData("remove")]
    public async Task Deployment_commands_accept_the_beginning_of_an_id_and_latest(string verb)
    {
        foreach (string? latest in (string?[])[null, "latest"])
        {
            DeployingSite site = await DeployingSite.CreateAsync(_server);
            string first = (await site.ZipAsync(("a", "1")))["id"];
            string second = (await site.ZipAsync(("a", "2")))["id"];
            if (verb == "remove" && latest is not null)
            {
                // The active deployment cannot be removed.
                (int exitCode, _, string error) = await _cli.RunAsync("deployments", verb, latest, "--site", site.Name);
                Assert.Equal((1, $"nyala: Deployment '{second}' is the active one. It can be removed after another one becomes active.\n"), (exitCode, error));
                continue;
            }

            string said = await DoneAsync("deployments", verb, latest ?? first[..8], "--site", site.Name);
            Assert.Equal(verb == "remove" ? 404 : 200, (await _server.GetAsync($"{site.Api}/deployments/{first}")).Code);
            Assert.True(verb != "remove" || said.Contains(first, StringComparison.Ordinal), said);
        }
    }

    [Fact]
    public async Task Event_and_delivery_commands_accept_part_of_an_id_and_latest()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string hook = await _server.SubscribeAsync(receiver.Url);
        string @event = (await _server.SendAsync(HttpMethod.Post, "/api/hooks/publish/PostDeployment", "{}")).Headers["Nyala-Event-Id"];
        string delivery = (await _server.GetAsync("/api/deliveries")).Json[0].GetProperty("id").GetString()!;
        string redelivery = (await _server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook}/redeliver", """{"since":"1h"}"""))["id"];
        foreach (Func<string, string> shorten in Ways)
        {
            await DoneAsync("events", "show", shorten(@event));
            await DoneAsync("deliveries", "show", shorten(delivery));
            await DoneAsync("deliveries", "redeliver", shorten(delivery));
            await DoneAsync("deliveries", "list", "--hook", shorten(hook), "--event", shorten(@event));
            Assert.Contains(redelivery, await DoneAsync("deliveries", "redelivery", shorten(redelivery), "--hook", shorten(hook)), StringComparison.Ordinal);
        }

        await DoneAsync("deliveries", "show", $"msg_{delivery}");
        await DoneAsync("deliveries", "show", $"msg_{delivery[..^1]}");
        Assert.Contains(redelivery, await DoneAsync("deliveries", "redelivery", "latest", "--hook", hook, "--stop"), StringComparison.Ordinal);
        (int exitCode, _, string error) = await _cli.RunAsync("deliveries", "redelivery", "latest");
        Assert.Equal((2, true), (exitCode, error.Contains("--hook", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_site_is_found_by_four_characters_of_its_name_but_not_by_three()
    {
        string site = Some.Site() + "-qzxw";
        await DoneAsync("sites", "create", site);

        Assert.Equal((1, 0), ((await _cli.RunAsync("sites", "show", site[^3..])).ExitCode, (await _cli.RunAsync("sites", "show", site[^4..])).ExitCode));
    }

    [Theory]
    [InlineData("hooks remove abc")]
    [InlineData("tokens revoke abc")]
    [InlineData("sites remove abc --yes")]
    [InlineData("deployments remove abc")]
    public async Task An_unknown_id_of_three_characters_exits_with_1(string line) => Assert.Equal(1, (await _cli.RunAsync(line.Split(' '))).ExitCode);

    private static Func<string, string>[] Ways => [id => id, id => id[..^1], id => id[^6..], _ => "latest"];

    private async Task<string> DoneAsync(params string[] args)
    {
        (int exitCode, string output, string error) = await _cli.RunAsync(args);
        Assert.True(exitCode == 0, $"{string.Join(' ', args)}: {error}");
        return output + error;
    }
}
