using System.Net.Http.Headers;
using System.Text.Json;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>The npm package <c>kudu-api</c> works unchanged, except for the address: the package supports only addresses in Azure.</summary>
public sealed class KuduApiTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task The_kudu_api_client_lists_reads_redeploys_and_removes_deployments()
    {
        ServerProcess server = await _machine.ServeAsync();
        var client = new KuduClient(server, "kudu-api");
        string failed = await DeployAsync(server, Zips.Failing(_machine));
        string id = await DeployAsync(server, Zips.Page(_machine, "one"));

        JsonElement list = await client.CallAsync("deployment", "list");
        JsonElement read = await client.CallAsync("deployment", "get", failed);
        JsonElement log = await client.CallAsync("deployment", "log", failed);
        JsonElement details = await client.CallAsync("deployment", "logDetails", failed, Body(log)[0].GetProperty("id").GetString());
        JsonElement again = await client.CallAsync("deployment", "redeploy", id);
        JsonElement cleanly = await client.CallAsync("deployment", "redeploy", id, new { clean = true, needFileUpdate = true });
        JsonElement removed = await client.CallAsync("deployment", "del", failed);
        JsonElement gone = await client.CallAsync("deployment", "get", failed);

        Assert.Equal([id, failed], Body(list).EnumerateArray().Select(deployment => deployment.GetProperty("id").GetString()));
        Assert.Equal("The command failed with exit code 3.", Body(read).GetProperty("status_text").GetString());
        Assert.Equal(
            ["no such thing", "The command failed with exit code 3."],
            Body(log).EnumerateArray().Select(entry => entry.GetProperty("message").GetString()).TakeLast(2));
        Assert.Equal((200, JsonValueKind.Array), (Status(details), Body(details).ValueKind));
        Assert.Equal((200, 2), (Status(again), Body(again).GetProperty("run").GetInt32()));
        Assert.Equal((200, 3), (Status(cleanly), Body(cleanly).GetProperty("run").GetInt32()));
        Assert.Equal((204, 404), (Status(removed), Status(gone)));
    }

    [Fact]
    public async Task The_kudu_api_client_sets_lists_reads_and_removes_settings()
    {
        var client = new KuduClient(await _machine.ServeAsync(), "kudu-api");

        JsonElement set = await client.CallAsync("settings", "set", new { GREETING = "café", COMMAND = "true" });
        JsonElement list = await client.CallAsync("settings", "list");
        JsonElement read = await client.CallAsync("settings", "get", "GREETING");
        JsonElement removed = await client.CallAsync("settings", "del", "GREETING");
        JsonElement left = await client.CallAsync("settings", "list");

        Assert.Equal((204, 204), (Status(set), Status(removed)));
        Assert.Equal(("café", "true"), (Body(list).GetProperty("GREETING").GetString(), Body(list).GetProperty("COMMAND").GetString()));
        Assert.Equal("café", Body(read).GetString());
        Assert.False(Body(left).TryGetProperty("GREETING", out _));
    }

    private static async Task<string> DeployAsync(ServerProcess server, string zip)
    {
        using var content = new StreamContent(File.OpenRead(zip)) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
        using HttpResponseMessage response = await server.Http.PostAsync("api/zipdeploy", content, TestContext.Current.CancellationToken);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("id").GetString()!;
    }

    private static int Status(JsonElement answer) => answer.GetProperty("status").GetInt32();

    private static JsonElement Body(JsonElement answer) => answer.GetProperty("body");
}
