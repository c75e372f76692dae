using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deployments;

/// <summary>Approved snapshots of deployments, logs and error responses.</summary>
public sealed class DeploymentSnapshotTests
{
    [Fact]
    public async Task Running_failed_and_succeeded_deployments_have_the_approved_form()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        JsonObject report = Some.Report(1);
        report["branch"] = "main";
        report["progress"] = "Building …";
        string running = (await server.PutAsync("/sites/shop/api/deployments/one", report)).Text;
        clock.Advance(TimeSpan.FromSeconds(1));
        string failed = (await server.PutAsync("/sites/shop/api/deployments/one", new JsonObject { ["status"] = 3, ["status_text"] = "exit code 1" })).Text;
        clock.Advance(TimeSpan.FromSeconds(1));
        string succeeded = (await server.PutAsync("/api/deployments/two", Some.Report())).Text;

        Approved.Json($"[{running}, {failed}, {succeeded}, {(await server.GetAsync("/api/deployments")).Text}]");
    }

    [Fact]
    public async Task A_log_has_the_approved_form()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        JsonObject report = Some.Report(1);
        report["details"] = "first\nsecond";
        await server.PutAsync("/sites/shop/api/deployments/one", report);
        clock.Advance(TimeSpan.FromSeconds(1));
        await server.SendAsync(HttpMethod.Post, "/sites/shop/api/deployments/one/log", """[{"message":"careful","type":1},{"message":"broken","type":2}]""");

        string log = (await server.GetAsync("/sites/shop/api/deployments/one/log")).Text;
        string details = (await server.GetAsync("/sites/shop/api/deployments/one/log/1")).Text;

        Approved.Json($"[{log}, {details}]");
    }

    [Fact]
    public async Task Refused_deployment_requests_return_the_approved_errors()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.PutAsync("/api/deployments/one", Some.Report());

        string[] replies =
        [
            (await server.SendAsync(HttpMethod.Put, "/api/deployments/two", """{"status":7,"message":5,"end_time":"noon"}""")).Text,
            (await server.SendAsync(HttpMethod.Put, "/api/deployments/two", """{"status":4,"message":"m"}""")).Text,
            (await server.SendAsync(HttpMethod.Put, "/api/deployments/-two", """{"status":4}""")).Text,
            (await server.PutAsync("/api/deployments/one", Some.Report())).Text,
            (await server.GetAsync("/api/deployments/two")).Text,
            (await server.DeleteAsync("/api/deployments/one")).Text,
            (await server.SendAsync(HttpMethod.Put, "/api/deployments/two")).Text,
            (await server.SendAsync(HttpMethod.Post, "/api/zipdeploy")).Text,
        ];

        Approved.Json($"[{string.Join(',', replies)}]");
    }
}
