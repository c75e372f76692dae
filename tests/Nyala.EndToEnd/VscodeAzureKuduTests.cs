using System.Text.Json;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>The npm package <c>vscode-azurekudu</c>, with which Visual Studio Code deploys to App Service, works unchanged.</summary>
public sealed class VscodeAzureKuduTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task The_VS_Code_client_deploys_a_zip_polls_until_it_ends_and_reads_its_log()
    {
        ServerProcess server = await _machine.ServeAsync();

        JsonElement seen = await KuduClient.DeployAsVisualStudioCodeAsync(server, Zips.Page(_machine, "one"));

        JsonElement latest = seen.GetProperty("latest");
        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(_machine.Current, "index.html"), TestContext.Current.CancellationToken));
        Assert.Equal(
            (4, true, "VS Code", "VS Code"),
            (latest.GetProperty("status").GetInt32(), latest.GetProperty("active").GetBoolean(), latest.GetProperty("author").GetString(), latest.GetProperty("deployer").GetString()));
        Assert.True(latest.GetProperty("endTime").GetDateTime() >= latest.GetProperty("startTime").GetDateTime());
        Assert.NotEmpty(Messages(seen));
    }

    [Fact]
    public async Task The_VS_Code_client_reads_why_a_deployment_failed()
    {
        ServerProcess server = await _machine.ServeAsync();

        JsonElement seen = await KuduClient.DeployAsVisualStudioCodeAsync(server, Zips.Failing(_machine));

        Assert.Equal(3, seen.GetProperty("latest").GetProperty("status").GetInt32());
        Assert.Equal(["no such thing", "The command failed with exit code 3."], Messages(seen).TakeLast(2));
        Assert.Equal(2, seen.GetProperty("log").EnumerateArray().Last().GetProperty("type").GetInt32());
    }

    [Fact]
    public async Task The_VS_Code_client_lists_redeploys_and_removes_deployments()
    {
        (ServerProcess server, KuduClient client) = await StartAsync();
        JsonElement first = await KuduClient.DeployAsVisualStudioCodeAsync(server, Zips.Page(_machine, "one"));
        string id = first.GetProperty("latest").GetProperty("id").GetString()!;
        JsonElement second = await KuduClient.DeployAsVisualStudioCodeAsync(server, Zips.Failing(_machine));
        string failed = second.GetProperty("latest").GetProperty("id").GetString()!;

        JsonElement again = await client.CallAsync("deployment", "deploy1", id);
        JsonElement removed = await client.CallAsync("deployment", "delete1", failed);
        JsonElement list = await client.CallAsync("deployment", "getDeployResults1");

        Assert.Equal((200, 4), (Status(again), Body(again).GetProperty("status").GetInt32()));
        Assert.Equal(204, Status(removed));
        Assert.Equal(id, Assert.Single(Body(list).EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_VS_Code_client_subscribes_lists_reads_and_removes_hooks_and_publishes_events()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        (_, KuduClient client) = await StartAsync();

        // The client expects 200, but Kudu also returns 201. The client therefore throws, although the hook was created.
        (int exitCode, _, string error) = await client.TryAsync("webHooks", "subscribe1", new { url = receiver.Url, @event = "Built", insecureSsl = false });
        JsonElement listed = Assert.Single(Body(await client.CallAsync("webHooks", "getWebHooks1")).EnumerateArray());
        string id = listed.GetProperty("id").GetString()!;
        JsonElement read = await client.CallAsync("webHooks", "getWebHook1", id);
        JsonElement published = await client.CallAsync("webHooks", "publishEvent1", "Built", new { what = "café" });
        Received callback = await receiver.NextAsync();
        JsonElement removed = await client.CallAsync("webHooks", "unsubscribe1", id);
        JsonElement left = await client.CallAsync("webHooks", "getWebHooks1");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("201 ", error, StringComparison.Ordinal);
        Assert.Equal(receiver.Url, Body(read).GetProperty("url").GetString());
        Assert.Equal((200, 200), (Status(published), Status(removed)));
        Assert.Equal("{\"what\":\"café\"}", callback.Text);
        Assert.Empty(Body(left).EnumerateArray());
    }

    [Fact]
    public async Task The_VS_Code_client_sets_lists_reads_and_removes_settings()
    {
        (_, KuduClient client) = await StartAsync();

        // As with hooks, Kudu also returns 204 to both requests, which the client does not expect.
        (_, _, string set) = await client.TryAsync("settings", "set1", new { GREETING = "café" });
        JsonElement list = await client.CallAsync("settings", "getAll1");
        JsonElement read = await client.CallAsync("settings", "get1", "GREETING");
        (_, _, string removed) = await client.TryAsync("settings", "delete1", "GREETING");
        JsonElement left = await client.CallAsync("settings", "getAll1");

        Assert.Equal(("204 \n", "204 \n"), (set, removed));
        Assert.Equal(("café", "café"), (Body(list).GetProperty("GREETING").GetString(), Body(read).GetString()));
        Assert.False(Body(left).TryGetProperty("GREETING", out _));
    }

    private static IEnumerable<string?> Messages(JsonElement seen) => seen.GetProperty("log").EnumerateArray().Select(entry => entry.GetProperty("message").GetString());

    private static int Status(JsonElement answer) => answer.GetProperty("status").GetInt32();

    private static JsonElement Body(JsonElement answer) => answer.GetProperty("body");

    private async Task<(ServerProcess Server, KuduClient Client)> StartAsync()
    {
        ServerProcess server = await _machine.ServeAsync();
        return (server, new KuduClient(server, "vscode-azurekudu"));
    }
}
