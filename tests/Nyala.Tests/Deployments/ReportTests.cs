using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deployments;

/// <summary><c>PUT /api/deployments/{id}</c> with a status.</summary>
public sealed class ReportTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;
    private readonly string _site = Some.Site();
    private readonly string _id = Some.DeploymentId();

    private string Deployments => $"/sites/{_site}/api/deployments";

    [Theory]
    [InlineData(3, "Failed", "False")]
    [InlineData(4, "Succeeded", "True")]
    public async Task A_status_of_3_or_4_records_a_finished_deployment(int status, string state, string active)
    {
        Reply reply = await ReportAsync(Some.Report(status));

        Assert.Equal(200, reply.Code);
        Assert.Equal("application/json; charset=utf-8", reply.ContentType);
        Assert.Equal(
            (_id, status.ToString(null as IFormatProvider), state, "True", active),
            (reply["id"], reply["status"], reply["provisioningState"], reply["complete"], reply["active"]));
        Assert.Equal(reply.Text, (await _server.GetAsync($"{Deployments}/{_id}")).Text);
    }

    [Theory]
    [InlineData("message")]
    [InlineData("deployer")]
    [InlineData("author")]
    public async Task A_report_without_message_deployer_or_author_returns_400_and_names_the_field(string field)
    {
        foreach (string? given in (string?[])[null, "", "  "])
        {
            JsonObject report = Some.Report();
            report[field] = given;

            Reply reply = await ReportAsync(report);

            Assert.Equal(400, reply.Code);
            Assert.Equal("application/problem+json", reply.ContentType);
            Assert.Equal(field, Assert.Single(reply.Json.GetProperty("errors").EnumerateObject()).Name);
            Assert.Equal(404, (await _server.GetAsync($"{Deployments}/{_id}")).Code);
        }
    }

    [Fact]
    public async Task Optional_fields_are_stored()
    {
        JsonObject report = Some.Report();
        report["author_email"] = "me@example.com";
        report["start_time"] = "2026-02-27T17:44:25.8567966Z";
        report["end_time"] = "2026-02-27T17:45:06.2016537Z";
        report["status_text"] = "well";
        report["branch"] = "main";
        report["active"] = false;

        Reply reply = await ReportAsync(report);

        Assert.Equal("me@example.com", reply["author_email"]);
        Assert.Equal("2026-02-27T17:44:25.8567966Z", reply["start_time"]);
        Assert.Equal("2026-02-27T17:45:06.2016537Z", reply["end_time"]);
        Assert.Equal("2026-02-27T17:45:06.2016537Z", reply["last_success_end_time"]);
        Assert.Equal("well", reply["status_text"]);
        Assert.Equal("main", reply["branch"]);
        Assert.Equal("False", reply["active"]);
    }

    [Fact]
    public async Task Field_names_match_in_any_case_and_numbers_may_be_strings()
    {
        Reply reply = await _server.SendAsync(
            HttpMethod.Put, $"{Deployments}/{_id}", """{"STATUS":"4","Message":"m","DEPLOYER":"d","Author":"a","ACTIVE":"false","unknown":[{}],"details":null}""");

        Assert.Equal(("4", "m", "d", "a", "False"), (reply["status"], reply["message"], reply["deployer"], reply["author"], reply["active"]));
    }

    [Fact]
    public async Task A_failed_deployment_reported_as_active_returns_400_with_Kudus_message()
    {
        JsonObject report = Some.Report(status: 3);
        report["active"] = true;

        Reply reply = await ReportAsync(report);

        Assert.Equal((400, """{"Message":"Only successful status can be active!"}"""), (reply.Code, reply.Text));
        Assert.Equal(404, (await _server.GetAsync($"{Deployments}/{_id}")).Code);
    }

    [Fact]
    public async Task Only_one_deployment_of_a_site_is_active()
    {
        await ReportAsync(Some.Report());
        string next = Some.DeploymentId();

        Reply second = await _server.PutAsync($"{Deployments}/{next}", Some.Report());
        await _server.PutAsync($"/sites/{Some.Site()}/api/deployments/{Some.DeploymentId()}", Some.Report());
        await _server.PutAsync($"{Deployments}/{Some.DeploymentId()}", Some.Report(status: 3));

        Assert.Equal("True", second["active"]);
        Assert.Equal("False", (await _server.GetAsync($"{Deployments}/{_id}"))["active"]);
        Assert.Equal("True", (await _server.GetAsync($"{Deployments}/{next}"))["active"]);
    }

    [Fact]
    public async Task A_late_success_does_not_replace_a_newer_active_one_unless_it_sets_active()
    {
        await ReportAsync(Some.Report());
        JsonObject late = Some.Report();
        late["end_time"] = "2026-01-01T00:00:00Z";
        Reply quiet = await _server.PutAsync($"{Deployments}/{Some.DeploymentId()}", late);
        late["active"] = true;

        Reply outspoken = await _server.PutAsync($"{Deployments}/{Some.DeploymentId()}", late);

        Assert.Equal(("False", "True"), (quiet["active"], outspoken["active"]));
    }

    [Fact]
    public async Task A_running_deployment_may_be_reported_again_until_it_ends()
    {
        foreach (int status in (int[])[0, 1, 2, 1])
        {
            Reply running = await ReportAsync(Some.Report(status));

            Assert.Equal(200, running.Code);
            Assert.Equal("InProgress", running["provisioningState"]);
            Assert.Equal(("False", "False"), (running["complete"], running["active"]));
            Assert.Equal(JsonValueKind.Null, running.Json.GetProperty("end_time").ValueKind);
        }

        Assert.Equal("Succeeded", (await ReportAsync(Some.Report()))["provisioningState"]);
    }

    [Fact]
    public async Task A_later_report_needs_only_the_fields_that_change()
    {
        JsonObject first = Some.Report(status: 1);
        first["branch"] = "main";
        first["start_time"] = "2026-02-27T17:44:25Z";
        Reply running = await ReportAsync(first);

        Reply progress = await ReportAsync(new JsonObject { ["status"] = 2, ["progress"] = "Copying …", ["message"] = "Better words" });
        Reply ended = await ReportAsync(new JsonObject { ["status"] = 4 });

        Assert.Equal("Copying …", progress["progress"]);
        Assert.Equal("", ended["progress"]);
        Assert.All((string[])["author", "author_email", "deployer", "branch", "start_time", "received_time"], field => Assert.Equal(running[field], ended[field]));
        Assert.Equal("Better words", ended["message"]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(1)]
    public async Task A_report_for_an_ended_deployment_returns_409_and_sends_no_webhook(int status)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, "*", $"/sites/{_site}/api/hooks");
        Reply ended = await ReportAsync(Some.Report(status: 3));

        Reply reply = await ReportAsync(Some.Report(status));

        Assert.Equal((409, $$"""{"Message":"Deployment with id '{{_id}}' exists"}"""), (reply.Code, reply.Text));
        Assert.Equal(ended.Text, (await _server.GetAsync($"{Deployments}/{_id}")).Text);
        Assert.Equal(1, receiver.Count);
    }

    [Fact]
    public async Task A_report_is_accepted_while_another_deployment_runs()
    {
        Assert.Equal(200, (await ReportAsync(Some.Report(status: 1))).Code);
        Assert.Equal(200, (await _server.PutAsync($"{Deployments}/{Some.DeploymentId()}", Some.Report(status: 1))).Code);
        Assert.Equal(200, (await _server.PutAsync($"{Deployments}/{Some.DeploymentId()}", Some.Report())).Code);
    }

    [Fact]
    public async Task A_report_with_Prefer_respond_async_does_not_wait_for_its_webhooks()
    {
        // The clock stands still, so a wait for the webhook would never end.
        await using TestServer server = await TestServer.StartAsync(clock: new SignalClock());
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Hold();
        await server.SubscribeAsync(receiver.Url);

        Reply reply = await server.SendAsync(HttpMethod.Put, $"/api/deployments/{_id}", Some.Report().ToJsonString(), ("Prefer", "respond-async")).InTimeAsync();

        Assert.Equal(200, reply.Code);
        await receiver.NextAsync();
    }

    [Theory]
    [InlineData("a")]
    [InlineData("Release-1.2.3_rc.1")]
    [InlineData("0")]
    [InlineData("_")]
    [InlineData("latest-1")]
    public async Task An_id_may_have_letters_digits_dots_underscores_and_hyphens(string id)
    {
        Reply reply = await _server.PutAsync($"{Deployments}/{id}", Some.Report());

        Assert.Equal((200, id), (reply.Code, reply["id"]));
        Assert.Equal(id, (await _server.GetAsync($"{Deployments}/{id}"))["id"]);
    }

    [Theory]
    [InlineData(128, 200)]
    [InlineData(129, 400)]
    public async Task An_id_above_128_characters_returns_400(int length, int status) =>
        Assert.Equal(status, (await _server.PutAsync($"{Deployments}/{new string('a', length)}", Some.Report())).Code);

    [Theory]
    [InlineData("latest")]
    [InlineData("LATEST")]
    [InlineData(".hidden")]
    [InlineData("-option")]
    [InlineData("a%20b")]
    [InlineData("%C3%BC")]
    [InlineData("a%2Fb")]
    [InlineData("a%5Cb")]
    public async Task An_invalid_id_returns_400_and_records_nothing(string id)
    {
        Reply reply = await _server.PutAsync($"{Deployments}/{id}", Some.Report());

        Assert.Equal(400, reply.Code);
        Assert.Contains("A deployment id must be 1 to 128 letters, digits", reply.Reason, StringComparison.Ordinal);
        Assert.Equal("[]", (await _server.GetAsync(Deployments)).Text);
    }

    [Fact]
    public async Task A_site_keeps_the_spelling_with_which_it_was_first_named()
    {
        string name = "Shop-" + _site;
        await _server.PutAsync($"/sites/{name}/api/deployments/{_id}", Some.Report());

        string shouted = $"/sites/{name.ToUpperInvariant()}/api/deployments";
        Reply read = await _server.GetAsync($"{shouted}/{_id}");
        Reply reported = await _server.PutAsync($"{shouted}/{Some.DeploymentId()}", Some.Report());

        Assert.Equal((name, name), (read["site_name"], reported["site_name"]));
    }

    [Theory]
    [InlineData(4, "Deployment successful.", 0)]
    [InlineData(3, "Deployment failed.", 2)]
    public async Task The_end_is_logged_with_the_details_below_it_as_in_Kudu(int status, string message, int type)
    {
        JsonObject report = Some.Report(status);
        report["details"] = "one\r\ntwo\n";
        await ReportAsync(report);

        JsonElement entry = Assert.Single((await _server.GetAsync($"{Deployments}/{_id}/log")).Json.EnumerateArray());
        Assert.Equal((message, type), (entry.GetProperty("message").GetString(), entry.GetProperty("type").GetInt32()));
        Reply details = await _server.GetAsync(entry.GetProperty("details_url").GetString()!);

        Assert.Equal(["one", "two"], details.Json.EnumerateArray().Select(line => line.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task The_end_is_logged_once_as_the_last_line()
    {
        await ReportAsync(Some.Report(1, "one"));
        await _server.SendAsync(HttpMethod.Post, $"{Deployments}/{_id}/log", """[{"message":"building"}]""");
        await ReportAsync(Some.Report(4, "one"));
        await ReportAsync(Some.Report(4, "one"));

        JsonElement[] log = [.. (await _server.GetAsync($"{Deployments}/{_id}/log")).Json.EnumerateArray()];

        Assert.Equal(["building", "Deployment successful."], log.Select(entry => entry.GetProperty("message").GetString()));
        Assert.All(log, entry => Assert.Equal(JsonValueKind.Null, entry.GetProperty("details_url").ValueKind));
    }

    private Task<Reply> ReportAsync(JsonObject report) => _server.PutAsync($"{Deployments}/{_id}", report);
}
