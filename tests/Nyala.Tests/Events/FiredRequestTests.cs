using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Tests.Support;

namespace Nyala.Tests.Events;

/// <summary>The request that a receiver gets.</summary>
public sealed class FiredRequestTests(SharedServer shared)
{
    private const string OwnSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=";

    private static readonly string[] KuduFields =
    [
        "id", "status", "statusText", "authorEmail", "author", "message", "progress", "deployer", "receivedTime", "startTime", "endTime",
        "lastSuccessEndTime", "complete", "siteName", "hostName",
    ];

    private readonly TestServer _server = shared.Server;
    private readonly string _site = Some.Site();

    private string Hooks => $"/sites/{_site}/api/hooks";

    [Fact]
    public async Task The_request_is_a_POST_of_JSON()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, path: Hooks);

        await _server.SendAsync(HttpMethod.Post, $"{Hooks}/publish/PostDeployment", "{}");

        Received received = await receiver.NextAsync();
        Assert.Equal(("POST", receiver.Url.AbsolutePath, "application/json; charset=utf-8"), (received.Method, received.PathAndQuery, received.Header("Content-Type")));
    }

    [Theory]
    [InlineData("/a%2Fb/c;x?sig=A%2bb%2F%3D&q=%C3%BC&&e=")]
    [InlineData("/a/../b/./c")]
    [InlineData("/x?y=1%3F?z=/../")]
    [InlineData("")]
    [InlineData("?only=query")]
    public async Task The_request_line_has_the_url_unchanged(string given)
    {
        await using var receiver = new RawReceiver();
        await _server.PostAsync(Hooks, Some.Hook($"http://127.0.0.1:{receiver.Port}{given}#part"));

        await _server.SendAsync(HttpMethod.Post, $"{Hooks}/publish/PostDeployment", "{}", ("Prefer", "respond-async"));

        Assert.Equal($"POST {(given is "" or ['?', ..] ? "/" : "")}{given} HTTP/1.1", await receiver.RequestLineAsync());
    }

    [Fact]
    public async Task A_request_has_the_approved_headers()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.PostAsync(Hooks, Some.Hook(receiver.Url.AbsoluteUri.Replace("//", "//us%65r:p%40%C3%BC@", StringComparison.Ordinal)));

        await _server.SendAsync(HttpMethod.Post, $"{Hooks}/publish/PostDeployment", "{}");

        Received received = await receiver.NextAsync();
        Approved.Text(string.Join('\n', received.Headers.OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {header.Value}")));
    }

    [Fact]
    public async Task User_info_is_sent_in_the_first_request_as_decoded_Basic_credentials()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.PostAsync(Hooks, Some.Hook(receiver.Url.AbsoluteUri.Replace("//", "//us%65r:p%40%3A%C3%BC@", StringComparison.Ordinal)));

        await _server.SendAsync(HttpMethod.Post, $"{Hooks}/publish/PostDeployment", "{}");

        string? authorization = (await receiver.NextAsync()).Header("Authorization");
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("user:p@:ü")), authorization);
        Assert.Equal(1, receiver.Count);
    }

    [Theory]
    [InlineData(OwnSecret)]
    [InlineData(null)]
    public async Task The_request_is_signed_with_the_secret_of_the_hook(string? secret)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        JsonObject hook = Some.Hook(receiver.Url.AbsoluteUri);
        hook["secret"] = secret;
        string shown = (await _server.PostAsync(Hooks, hook))["secret"];

        await _server.SendAsync(HttpMethod.Post, $"{Hooks}/publish/PostDeployment", """{"a":"ü"}""");

        Received received = await receiver.NextAsync();
        Assert.Equal(WebhookVerdict.Genuine, new WebhookVerifier(shown).Verify(received.Body, received.Header));
        Assert.Equal(WebhookVerdict.WrongSignature, new WebhookVerifier(shown).Verify("{}"u8, received.Header));
    }

    [Fact]
    public async Task The_events_of_a_succeeded_deployment_have_the_approved_form()
    {
        (Received started, Received ended) = await DeployAsync(4);

        Approved.Json($"[{started.Text}, {ended.Text}]");
    }

    [Fact]
    public async Task The_event_of_a_failed_deployment_has_the_approved_form()
    {
        (_, Received ended) = await DeployAsync(3);

        Approved.Json(ended.Text);
    }

    [Fact]
    public async Task The_payload_has_Kudus_properties_in_Kudus_order_before_Nyalas_own()
    {
        (_, Received ended) = await DeployAsync(4);

        string[] names = [.. ended.Json.EnumerateObject().Select(property => property.Name)];
        Assert.Equal(KuduFields, names[..KuduFields.Length]);
        Assert.Equal(["branch", "run"], names[KuduFields.Length..]);
    }

    [Fact]
    public void IsTemporary_and_isReadOnly_come_between_complete_and_siteName_if_they_are_true()
    {
        string json = JsonSerializer.Serialize(
            new DeploymentEvent { Id = "x", Status = "success", IsTemporary = true, IsReadOnly = true }, NyalaJson.Wire.DeploymentEvent);

        Assert.Contains("""
            "complete":false,"isTemporary":true,"isReadOnly":true,"siteName":""
            """, json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_texts_are_empty_and_no_property_is_null()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, "*", Hooks);
        JsonObject report = Some.Report(status: 3);
        report.Remove("author_email");

        await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", report);

        Received received = await receiver.NextAsync();
        Assert.All((string[])["statusText", "authorEmail", "progress", "branch"], field => Assert.Equal("", received.Json.GetProperty(field).GetString()));
        Assert.DoesNotContain("null", received.Text, StringComparison.Ordinal);
        Assert.False(received.Json.TryGetProperty("isTemporary", out _));
        Assert.False(received.Json.TryGetProperty("isReadOnly", out _));
        Assert.False(received.Json.TryGetProperty("lastSuccessEndTime", out _));
        Assert.True(received.Json.GetProperty("complete").GetBoolean());
    }

    [Fact]
    public async Task Times_are_UTC_with_seven_fraction_digits()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, path: Hooks);
        JsonObject report = Some.Report();
        report["start_time"] = "2026-02-27T19:44:25+02:00";
        report["end_time"] = "2026-02-27T17:45:06.5";

        await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", report);

        Received received = await receiver.NextAsync();
        Assert.Equal("2026-02-27T17:44:25.0000000Z", received["startTime"]);
        Assert.Equal("2026-02-27T17:45:06.5000000Z", received["endTime"]);
        Assert.Equal("2026-02-27T17:45:06.5000000Z", received["lastSuccessEndTime"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$", received["receivedTime"]);
    }

    [Fact]
    public async Task The_last_success_is_taken_from_the_same_site()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, path: Hooks);
        await _server.PutAsync($"/sites/{Some.Site()}/api/deployments/{Some.DeploymentId()}", Some.Report());
        await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report(status: 3));
        await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report());
        await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report(status: 3));

        Received failed = await receiver.NextAsync();
        Received succeeded = await receiver.NextAsync();
        Received failedAgain = await receiver.NextAsync();
        Assert.False(failed.Json.TryGetProperty("lastSuccessEndTime", out _));
        Assert.Equal(succeeded["endTime"], succeeded["lastSuccessEndTime"]);
        Assert.Equal(succeeded["endTime"], failedAgain["lastSuccessEndTime"]);
    }

    [Fact]
    public async Task The_payload_states_how_the_result_differs_from_the_previous_deployment()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, "*", Hooks);
        foreach (int status in (int[])[4, 3, 3, 4, 4])
        {
            string deployment = $"/sites/{_site}/api/deployments/{Some.DeploymentId()}";
            await _server.PutAsync(deployment, Some.Report(status: 2));
            await _server.PutAsync(deployment, Some.Report(status));
        }

        var changes = new List<string?>();
        for (int i = 0; i < 10; i++)
        {
            Received received = await receiver.NextAsync();
            string? change = received.Json.TryGetProperty("change", out JsonElement stated) ? stated.GetString() : null;
            if (received.Header("Nyala-Event") == "DeploymentStarted")
            {
                Assert.Null(change);
            }
            else
            {
                changes.Add(change);
            }
        }

        Assert.Equal([null, "broke", "still_failing", "fixed", null], changes);
    }

    [Fact]
    public async Task The_payload_has_the_url_of_the_deployment_if_the_server_knows_its_public_url()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.PublicUrl = "https://hooks.example.org/nyala/");
        await using Receiver receiver = await Receiver.StartAsync();
        await server.SubscribeAsync(receiver.Url);

        await server.PutAsync("/sites/shop/api/deployments/abc", Some.Report());

        Assert.Equal("https://hooks.example.org/nyala/sites/shop/api/deployments/abc", (await receiver.NextAsync())["url"]);
    }

    [Fact]
    public async Task The_request_is_sent_before_the_report_gets_its_response()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string id = await _server.SubscribeAsync(receiver.Url, path: Hooks);

        Reply reply = await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report());

        Assert.Equal(200, reply.Code);
        Assert.Equal(1, receiver.Count);
        Assert.Equal("OK", (await _server.GetAsync($"{Hooks}/{id}"))["last_status"]);
    }

    [Fact]
    public async Task A_report_waits_at_most_10_seconds_and_succeeds_even_if_a_hook_fails()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(options => options.Outbound.AttemptTimeout = TimeSpan.FromMinutes(2), clock);
        await using Receiver broken = await Receiver.StartAsync();
        await using Receiver silent = await Receiver.StartAsync();
        broken.AnswerAlways(500);
        silent.Hold();
        await server.SubscribeAsync(broken.Url);
        await server.SubscribeAsync(silent.Url);

        Task<Reply> reporting = server.PutAsync($"/api/deployments/{Some.DeploymentId()}", Some.Report());
        await clock.TimerAsync(TimeSpan.FromSeconds(10));
        await broken.NextAsync();
        await silent.NextAsync();
        Assert.False(reporting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(10));

        Reply reply = await reporting.InTimeAsync();
        Assert.Equal(200, reply.Code);
        Assert.Equal("4", reply["status"]);
    }

    [Fact]
    public async Task DeploymentStarted_is_sent_once_to_hooks_of_that_type_when_a_run_begins()
    {
        await using Receiver started = await Receiver.StartAsync();
        await using Receiver ended = await Receiver.StartAsync();
        await _server.SubscribeAsync(started.Url, "DeploymentStarted", Hooks);
        await _server.SubscribeAsync(ended.Url, path: Hooks);
        string id = Some.DeploymentId();

        foreach (int status in (int[])[0, 1, 2, 4])
        {
            await _server.PutAsync($"/sites/{_site}/api/deployments/{id}", Some.Report(status));
        }

        Received received = await started.NextAsync();
        Assert.Equal("DeploymentStarted", received.Header("Nyala-Event"));
        Assert.Equal("pending", received["status"]);
        Assert.False(received.Json.GetProperty("complete").GetBoolean());
        Assert.False(received.Json.TryGetProperty("endTime", out _));
        Assert.Equal("success", (await ended.NextAsync())["status"]);
        Assert.Equal((1, 1), (started.Count, ended.Count));
    }

    [Theory]
    [InlineData(0, "pending")]
    [InlineData(1, "building")]
    [InlineData(2, "deploying")]
    [InlineData(3, "failed")]
    [InlineData(4, "success")]
    public async Task The_status_is_sent_as_a_word(int status, string word)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.SubscribeAsync(receiver.Url, "*", Hooks);

        await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report(status));

        Assert.Equal(word, (await receiver.NextAsync())["status"]);
    }

    [Theory]
    [InlineData("{site}.example.com", "https://deploy.example.org/x", "$.example.com")]
    [InlineData("", "https://deploy.example.org/x", "deploy.example.org")]
    public async Task The_host_name_comes_from_Sites_HostName_or_else_from_the_public_url(string hostName, string publicUrl, string expected)
    {
        await using TestServer server = await TestServer.StartAsync(options => (options.Sites.HostName, options.PublicUrl) = (hostName, publicUrl));
        await using Receiver receiver = await Receiver.StartAsync();
        await server.SubscribeAsync(receiver.Url);

        await server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report());

        Received received = await receiver.NextAsync();
        Assert.Equal(_site, received["siteName"]);
        Assert.Equal(expected.Replace("$", _site, StringComparison.Ordinal), received["hostName"]);
    }

    private static async Task<(Received Started, Received Ended)> DeployAsync(int status)
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        await using Receiver receiver = await Receiver.StartAsync();
        await server.SubscribeAsync(receiver.Url, "*");
        const string Path = "/sites/MySite/api/deployments/982843aff56d37f2bfb9f532a9c0465031f4172d";
        JsonObject report = Some.Report(1, "first");
        report["branch"] = "main";
        report["progress"] = "Building …";
        await server.PutAsync(Path, report);
        clock.Advance(TimeSpan.FromSeconds(40.3449571));
        report["status"] = status;
        report["status_text"] = status == 3 ? "exit code 1" : null;
        await server.PutAsync(Path, report);
        return (await receiver.NextAsync(), await receiver.NextAsync());
    }

    /// <summary>Reads the raw request line, which no HTTP server has parsed.</summary>
    private sealed class RawReceiver : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public RawReceiver() => _listener.Start();

        public string Port => ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        public async Task<string> RequestLineAsync()
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync();
            using var reader = new StreamReader(client.GetStream());
            return (await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync())!;
        }

        public ValueTask DisposeAsync()
        {
            _listener.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
