using System.Net;
using System.Text.Json.Nodes;
using Nyala.Client;
using Nyala.EndToEnd.Support;
using static Nyala.EndToEnd.Support.ZapierApp;

namespace Nyala.EndToEnd;

/// <summary>The Zapier app in <c>integrations/zapier</c> works with the server, as far as Zapier's own tester can tell.</summary>
public sealed class ZapierTests(ServedMachine served) : IClassFixture<ServedMachine>
{
    private readonly ServerProcess _server = served.Server;
    private readonly ZapierApp _app = new(served.Server);

    [Fact]
    public async Task The_trigger_of_the_Zapier_app_subscribes_receives_what_its_samples_show_and_unsubscribes()
    {
        await using Receiver zap = await Receiver.StartAsync();
        var authData = new { site = "web" };
        await _server.Client.CreateSiteAsync(new SiteRequest { Name = "web" }, TestContext.Current.CancellationToken);

        JsonNode[] first = await _app.RunAsync(
            Call("validate"),
            Call("authentication.test", new { authData }),
            Call($"{Trigger}.performList", new { authData }),
            Call($"{Trigger}.performSubscribe", new { authData, targetUrl = zap.Url, inputData = new { when = (string[])["broke", "success"], branch = (string[])["main"], site = (string[])[] }, meta = new { zap = new { id = 7 } } }));
        string id = Result(first[3])["id"]!.GetValue<string>();
        Hook hook = await _server.Client.GetHookAsync(id, TestContext.Current.CancellationToken);
        await ReportAsync("one", DeploymentStatus.Failed, "trunk");
        await ReportAsync("two", DeploymentStatus.Failed, "main");
        await ReportAsync("three", DeploymentStatus.Success, "main");
        Received received = await zap.NextAsync();
        Delivery ping = await _server.Client.PingHookAsync(id, TestContext.Current.CancellationToken);
        JsonNode[] second = await _app.RunAsync(
            Call($"{Trigger}.perform", new { cleanedRequest = JsonNode.Parse(received.Text) }),
            Call($"{Trigger}.perform", new { cleanedRequest = JsonNode.Parse(ping.Body!) }),
            Call($"{Trigger}.performList", new { authData }),
            Call($"{Trigger}.performUnsubscribe", new { authData, subscribeData = new { id } }),
            Call($"{Trigger}.performUnsubscribe", new { authData, subscribeData = new { id } }));

        Assert.Equal("[]", Result(first[0]).ToJsonString());
        Assert.Equal($"{_server.Address.Authority}/sites/web", Text(first[1], "name"));
        Assert.Equal(("PostDeployment", "kudu", "Zap 7"), (hook.Event, hook.Format, hook.Description));
        Assert.Equal("three", received["id"]);
        JsonNode item = Assert.Single(Result(second[0]).AsArray())!;
        Assert.Empty(Result(second[1]).AsArray());
        JsonArray list = Result(second[2]).AsArray();
        Assert.Equal(["three", "two", "one"], list.Select(shown => shown!["id"]!.GetValue<string>()));
        Assert.True(JsonNode.DeepEquals(item, list[0]));
        Assert.Equal(Names(item).Except(["change"]), Names(Assert.Single(Result(first[2]).AsArray())!));
        Assert.Equal(id, Result(second[3])["id"]!.GetValue<string>());
        Assert.Equal(id, Result(second[4])["id"]!.GetValue<string>());
        Assert.DoesNotContain(await _server.Client.ListHooksAsync("all", TestContext.Current.CancellationToken), left => left.Id == id);
    }

    [Fact]
    public async Task The_actions_of_the_Zapier_app_record_a_deployment_and_send_a_delivery_again()
    {
        await using Receiver chat = await Receiver.StartAsync();
        chat.Status = _ => (int)HttpStatusCode.BadRequest;
        await _server.Client.AddHookAsync(new HookRequest { Url = chat.Url, Format = "slack", Filter = [new HookFilter { Site = ["shop"] }] }, TestContext.Current.CancellationToken);

        JsonNode[] recorded = await _app.RunAsync(Call(
            "creates.record_deployment.operation.perform",
            new { inputData = new { id = "one", status = "success", message = "Show prices", author = "Ann", deployer = "Zapier", site = "shop", branch = "main" } }));
        Received refused = await chat.NextAsync();
        Assert.True(await _server.SaysAsync($"api/deliveries/{refused.WebhookId}", (_, body) => body.Contains("\"failed\"", StringComparison.Ordinal)).InTimeAsync());
        chat.Status = _ => (int)HttpStatusCode.OK;
        JsonNode[] resent = await _app.RunAsync(
            Call("triggers.failed_delivery.operation.perform"),
            Call("creates.redeliver.operation.perform", new { inputData = new { delivery = refused.WebhookId } }),
            Call("creates.redeliver.operation.perform", new { inputData = new { delivery = "msg_1" } }));
        Received again = await chat.NextAsync();

        Assert.Equal(("shop", 4, "main"), (Text(recorded[0], "site_name"), Result(recorded[0])["status"]!.GetValue<int>(), Text(recorded[0], "branch")));
        JsonNode offered = Assert.Single(Result(resent[0]).AsArray())!;
        Assert.Equal(refused.WebhookId, offered["id"]!.GetValue<string>());
        Assert.StartsWith("PostDeployment, shop, one, ", offered["name"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((refused.WebhookId, refused.Text), (again.WebhookId, again.Text));
        Assert.Equal(refused.WebhookId, Text(resent[1], "webhook_id"));
        Assert.Equal("Delivery not found", Error(resent[2])["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_Zapier_app_says_what_is_wrong_with_a_connection()
    {
        await using Receiver other = await Receiver.StartAsync();
        Token read = await _server.Client.CreateTokenAsync(new TokenRequest { Name = "read", Scopes = ["read"] }, TestContext.Current.CancellationToken);
        Token site = await _server.Client.CreateTokenAsync(new TokenRequest { Name = "site", Scopes = ["hooks"], Site = "default" }, TestContext.Current.CancellationToken);

        JsonNode[] answers = await _app.RunAsync(
            Call("authentication.test", new { authData = new { token = "wrong" } }),
            Call("authentication.test", new { authData = new { server = other.Url } }),
            Call("authentication.test", new { authData = new { token = site.Value } }),
            Call("authentication.test", new { authData = new { token = site.Value, site = "default", server = $"{_server.Address}api/hooks" } }),
            Call($"{Trigger}.performSubscribe", new { targetUrl = other.Url, authData = new { token = read.Value } }));

        Assert.Equal("ExpiredAuthError", Error(answers[0])["name"]!.GetValue<string>());
        Assert.StartsWith("The server does not accept the token. ", Message(answers[0]), StringComparison.Ordinal);
        Assert.Equal("This URL responds, but not as a Nyala server. Check the server URL.", Message(answers[1]));
        Assert.Contains("/sites/default/", Message(answers[2]), StringComparison.Ordinal);
        Assert.Equal($"{_server.Address.Authority}/sites/default", Text(answers[3], "name"));
        Assert.StartsWith("This request needs the scope hooks. ", Message(answers[4]), StringComparison.Ordinal);
    }

    private Task<Deployment> ReportAsync(string id, DeploymentStatus status, string branch) => _server.Client.ForSite("web").ReportAsync(
        id, new DeploymentReport { Status = status, Message = "Show prices", Author = "Ann", Deployer = "CI", Branch = branch }, cancellationToken: TestContext.Current.CancellationToken);

    private static JsonNode Result(JsonNode answer) => answer["result"] ?? throw new InvalidOperationException(answer.ToJsonString());

    private static JsonNode Error(JsonNode answer) => answer["error"] ?? throw new InvalidOperationException(answer.ToJsonString());

    private static string Text(JsonNode answer, string name) => Result(answer)[name]!.GetValue<string>();

    private static string Message(JsonNode answer) => Error(answer)["message"]!.GetValue<string>();

    private static IEnumerable<string> Names(JsonNode item) => item.AsObject().Select(field => field.Key);
}
