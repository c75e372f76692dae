using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary>The requests of the trigger HTTP Webhook of Logic Apps, as the workflow in <c>integrations/logic-apps</c> makes them.</summary>
public sealed class LogicAppsTests(SharedServer shared)
{
    private const string Query = "?api-version=2016-10-01&sp=%2Ftriggers%2FWhen_a_deployment_finishes%2Frun&sv=1.0&sig=Ab-c_9%2Bx";

    [Fact]
    public async Task A_logic_app_subscribes_at_each_change_receives_what_its_schema_describes_and_unsubscribes()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.PublicUrl = "https://nyala.example.com");
        await using Receiver receiver = await Receiver.StartAsync();
        string callback = receiver.Url + Query;

        Reply first = await Workflow.SendAsync(server, "subscribe", callback);
        Reply again = await Workflow.SendAsync(server, "subscribe", callback);
        await PayloadSchema.ReportAsync(server);
        Received failed = (await receiver.ManyAsync(2)).Single(one => one["status"] == "failed");
        Reply removed = await Workflow.SendAsync(server, "unsubscribe", callback);
        Reply twice = await Workflow.SendAsync(server, "unsubscribe", callback);

        Assert.Equal((201, 201, first["id"]), (first.Code, again.Code, again["id"]));
        Assert.Equal($"https://nyala.example.com/api/hooks/{first["id"]}", first.Headers["Location"]);
        Assert.EndsWith(Query, failed.PathAndQuery, StringComparison.Ordinal);
        PayloadSchema.Describes(Workflow.PayloadSchema, failed.Json);
        Assert.Equal((200, 200), (removed.Code, twice.Code));
        Assert.Equal("[]", (await server.GetAsync("/api/hooks?state=all")).Text);
    }

    [Theory]
    [InlineData("""{"url":"@{listCallbackUrl()}"}""", "Ab-c_9%2Bx")]
    [InlineData("""{"url":"@{listCallbackUrl()}"}""", "renewed")]
    [InlineData("""{"url":"@{workflow().endpoint}@{listCallbackUrl()}"}""", "Ab-c_9%2Bx")]
    [InlineData("""{"url":"@{listCallbackUrl()}","event":"PostDeployment","format":"kudu"}""", "Ab-c_9%2Bx")]
    public async Task A_logic_app_unsubscribes_by_its_callback_url(string body, string signature)
    {
        string callback = Some.Url() + Query;
        await Workflow.SendAsync(shared.Server, "subscribe", callback);

        Reply removed = await Workflow.SendAsync(shared.Server, "unsubscribe", callback.Replace("Ab-c_9%2Bx", signature, StringComparison.Ordinal), JsonNode.Parse(body));

        Assert.Equal((200, "1"), (removed.Code, removed.Headers["Nyala-Removed"]));
    }

    [Fact]
    public void The_workflow_acts_only_if_a_deployment_failed()
    {
        JsonNode condition = Workflow.Definition["actions"]!["If_it_failed"]!;

        Assert.Equal("""{"and":[{"equals":["@body('Deployment')?['status']","failed"]}]}""", Regex.Unescape(condition["expression"]!.ToJsonString()));
        Assert.Equal(["Notify"], condition["actions"]!.AsObject().Select(action => action.Key));
    }
}
