using System.Text;
using System.Text.Json;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>The npm package <c>azure-actions-appservice-rest</c>, with which the GitHub action <c>azure/webapps-deploy</c> deploys, works unchanged.</summary>
public sealed class AzureActionsTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("deployUsingZipDeploy", "GITHUB_ZIP_DEPLOY")]
    [InlineData("deployUsingOneDeploy", "GITHUB_ONE_DEPLOY")]
    public async Task The_GitHub_action_deploys_a_zip_and_polls_until_it_ends(string function, string deployer)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        (ServerProcess server, KuduClient client) = await StartAsync();
        await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url }, TestContext.Current.CancellationToken);

        JsonElement id = await client.CallAsync("utility", function, Zips.Page(_machine, "one"), new { slotName = "production" });

        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(_machine.Current, "index.html"), TestContext.Current.CancellationToken));
        Received callback = await receiver.NextAsync();
        Assert.Equal((id.GetString(), "success", deployer), (callback["id"], callback["status"], callback["deployer"]));
        Assert.Equal("production", JsonDocument.Parse(callback["message"]!).RootElement.GetProperty("slotName").GetString());
    }

    [Fact]
    public async Task The_GitHub_action_prints_the_log_of_a_failed_deployment()
    {
        (_, KuduClient client) = await StartAsync();

        (int exitCode, string output, string error) = await client.TryAsync("utility", "deployUsingZipDeploy", Zips.Failing(_machine));

        Assert.Equal((1, "Package deployment using ZIP Deploy failed. Refer logs for more details.\n"), (exitCode, error));
        Assert.Contains("\nno such thing\nThe command failed with exit code 3.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_GitHub_action_waits_for_a_zip_deployment_and_gets_422_if_it_fails()
    {
        (_, KuduClient client) = await StartAsync();

        await client.CallAsync("utility", "deployUsingRunFromZip", Zips.Page(_machine, "one"));
        (int exitCode, _, string error) = await client.TryAsync("utility", "deployUsingRunFromZip", Zips.Failing(_machine));

        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(_machine.Current, "index.html"), TestContext.Current.CancellationToken));
        Assert.Equal((1, "Failed to deploy web package to App Service.\nUnprocessable Entity (CODE: 422)\n"), (exitCode, error));
    }

    [Fact]
    public async Task The_GitHub_action_records_a_deployment_and_reads_it()
    {
        (_, KuduClient client) = await StartAsync();

        JsonElement id = await client.CallAsync("utility", "updateDeploymentStatus", true, "4711", new { slotName = "production" });
        JsonElement deployment = await client.CallAsync("kudu", "getDeploymentDetails", "4711");
        JsonElement log = await client.CallAsync("kudu", "getDeploymentLogs", deployment.GetProperty("log_url").GetString());

        Assert.Equal("4711", id.GetString());
        Assert.Equal(
            (4, true, "GitHub"),
            (deployment.GetProperty("status").GetInt32(), deployment.GetProperty("active").GetBoolean(), deployment.GetProperty("deployer").GetString()));
        Assert.Equal(JsonValueKind.Array, log.ValueKind);
    }

    [Fact]
    public async Task The_GitHub_action_reads_the_settings()
    {
        (ServerProcess server, KuduClient client) = await StartAsync();
        using var settings = new StringContent("""{ "GREETING": "café" }""", Encoding.UTF8, "application/json");
        using HttpResponseMessage set = await server.Http.PostAsync("api/settings", settings, TestContext.Current.CancellationToken);

        Assert.True(set.IsSuccessStatusCode);
        Assert.Equal("café", (await client.CallAsync("kudu", "getAppSettings")).GetProperty("GREETING").GetString());
    }

    private async Task<(ServerProcess Server, KuduClient Client)> StartAsync()
    {
        ServerProcess server = await _machine.ServeAsync();
        return (server, new KuduClient(server, "azure-actions-appservice-rest"));
    }
}
