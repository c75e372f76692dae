using System.Text;
using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests;

/// <summary>Requests from hostile and careless callers. Each is refused with a helpful error, nothing is stored, and the server stays ready.</summary>
public sealed class BadInputTests(BadInputTests.EmptyServer fixture) : IClassFixture<BadInputTests.EmptyServer>
{
    private const int MiB = 1024 * 1024;

    private readonly TestServer _server = fixture.Server;

    /// <summary>A server that stays empty, because these tests store nothing.</summary>
    public sealed class EmptyServer : IAsyncLifetime
    {
        internal TestServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await TestServer.StartAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    [Theory]
    [InlineData("POST", "/api/hooks", "The body is empty")]
    [InlineData("POST", "/api/hooks/publish/PostDeployment", "The body is empty")]
    [InlineData("POST", "/api/deployments/x/log", "not found", 404)]
    [InlineData("PUT", "/api/deployments/x", "Deployment 'x' not found.", 404)]
    [InlineData("DELETE", "/api/hooks", "Specify the hook by its id")]
    public Task A_request_without_a_body_gets_400_or_404(string method, string path, string says, int status = 400) => RefusesAsync(method, path, null as string, status, says);

    [Theory]
    [InlineData("text")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("url=http%3A%2F%2Fexample.com&event=PostDeployment")]
    [InlineData("<hook/>")]
    [InlineData("[{\"url\":\"http://example.com/\",\"event\":\"PostDeployment\"}]")]
    public async Task A_body_that_is_not_a_JSON_object_gets_400(string body)
    {
        await RefusesAsync("POST", "/api/hooks", body, 400, "The body is");
        await RefusesAsync("PUT", "/api/deployments/x", body, 400, "The body is");
    }

    [Theory]
    [InlineData("""{"url":5,"event":"PostDeployment"}""", "'url' must be a string")]
    [InlineData("""{"url":["http://example.com/"],"event":"PostDeployment"}""", "'url' must be a string")]
    [InlineData("""{"url":{"href":"x"},"event":"PostDeployment"}""", "'url' must be a string")]
    [InlineData("""{"url":"http://example.com/","event":7}""", "'event' must be a string")]
    [InlineData("""{"url":"http://example.com/","event":["PostDeployment"]}""", "'event' must be a string")]
    [InlineData("""{"url":"http://example.com/","event":"PostDeployment","insecure_ssl":"perhaps"}""", "'insecure_ssl' must be true or false")]
    [InlineData("""{"url":"http://example.com/","event":"PostDeployment","insecure_ssl":1}""", "'insecure_ssl' must be true or false")]
    [InlineData("""{"url":"http://example.com/","event":"PostDeployment","secret":"short"}""", "'secret' must be whsec_ followed by 24 to 64 bytes in base64")]
    [InlineData("""{"url":"http://example.com/","event":"PostDeployment","secret":5}""", "'secret' must be a string")]
    public Task A_hook_field_of_the_wrong_type_gets_400(string body, string says) => RefusesAsync("POST", "/api/hooks", body, 400, says);

    [Theory]
    [InlineData("""{"event":"PostDeployment"}""", "'url' is missing")]
    [InlineData("""{"url":null,"event":"PostDeployment"}""", "'url' is missing")]
    [InlineData("""{"url":"","event":"PostDeployment"}""", "'url' is missing")]
    [InlineData("""{"url":"  ","event":"PostDeployment"}""", "'url' is missing")]
    [InlineData("""{"url":"/callback","event":"PostDeployment"}""", "'url' must be an absolute URL")]
    [InlineData("""{"url":"example.com/callback","event":"PostDeployment"}""", "'url' must be an absolute URL")]
    [InlineData("""{"url":"http:callback","event":"PostDeployment"}""", "'url' must be an absolute URL")]
    [InlineData("""{"url":"//example.com/","event":"PostDeployment"}""", "'url'")]
    [InlineData("""{"url":"http://","event":"PostDeployment"}""", "'url' must be an absolute URL")]
    [InlineData("""{"url":"http://example.com:99999/","event":"PostDeployment"}""", "'url' must be an absolute URL")]
    [InlineData("""{"url":"ftp://example.com/","event":"PostDeployment"}""", "The scheme must be http, https, mailto, tel or sms")]
    [InlineData("""{"url":"file:///etc/passwd","event":"PostDeployment"}""", "The scheme must be http, https, mailto, tel or sms")]
    [InlineData("""{"url":"gopher://example.com/","event":"PostDeployment"}""", "The scheme must be http, https, mailto, tel or sms")]
    [InlineData("""{"url":"http://169.254.169.254/latest/meta-data","event":"PostDeployment"}""", "cloud metadata")]
    [InlineData("""{"url":"http://2852039166/","event":"PostDeployment"}""", "cloud metadata")]
    [InlineData("""{"url":"http://[::ffff:169.254.169.254]/","event":"PostDeployment"}""", "cloud metadata")]
    [InlineData("""{"url":"http://example.com/"}""", "'event' must be an event type")]
    [InlineData("""{"url":"http://example.com/","event":null}""", "'event' must be an event type")]
    [InlineData("""{"url":"http://example.com/","event":""}""", "'event' must be an event type")]
    [InlineData("""{"url":"http://example.com/","event":"Post Deployment"}""", "'event' must be an event type")]
    [InlineData("""{"url":"http://example.com/","event":"Post\r\nX-Header: 1"}""", "'event' must be an event type")]
    [InlineData("""{"url":"http://example.com/","event":"Größe"}""", "'event' must be an event type")]
    public Task A_missing_or_invalid_url_or_event_gets_400(string body, string says) => RefusesAsync("POST", "/api/hooks", body, 400, says);

    [Fact]
    public async Task The_error_names_every_invalid_field()
    {
        Reply reply = await RefusesAsync("POST", "/api/hooks", """{"url":"x","event":" ","insecure_ssl":[],"secret":""}""", 400, "'url'");

        Assert.Equal(["event", "insecure_ssl", "secret", "url"], reply.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"url":"http://exam""")]
    [InlineData("""{"url":"http://example.com/","event":"PostDeployment" """)]
    [InlineData("""{"url":"http://example.com/","event":"PostDeployment",""")]
    [InlineData("""{"url":"http://example.com/","event":"PostDeployment"}}""")]
    [InlineData("""{"url":"http://example.com/","event":"PostDeployment","x":}""")]
    [InlineData("""{'url':'http://example.com/','event':'PostDeployment'}""")]
    public async Task Truncated_or_malformed_JSON_gets_400(string body)
    {
        await RefusesAsync("POST", "/api/hooks", body, 400, "The body is not JSON (line 1, byte");
        await RefusesAsync("POST", "/api/hooks/publish/PostDeployment", body, 400, "The body is not JSON (line 1, byte");
        await RefusesAsync("PUT", "/api/deployments/x", body, 400, "The body is not JSON (line 1, byte");
    }

    [Theory]
    [InlineData("POST", "/api/hooks")]
    [InlineData("POST", "/api/hooks/publish/PostDeployment")]
    [InlineData("PUT", "/api/deployments/x")]
    [InlineData("POST", "/api/deployments/x/log")]
    [InlineData("DELETE", "/api/hooks")]
    public async Task A_body_of_2_MiB_gets_413(string method, string path)
    {
        string body = $$"""{"status":4,"url":"http://example.com/","event":"PostDeployment","message":"{{new string('x', 2 * MiB)}}"}""";

        await RefusesAsync(method, path, body, 413, "Delivery:EventLimit");
        await RefusesAsync(method, path, new Chunked(Encoding.UTF8.GetBytes(body)), 413, "Delivery:EventLimit");
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public async Task A_hundred_thousand_nested_brackets_get_400(char open, char close)
    {
        string nested = open == '['
            ? new string(open, 100_000) + new string(close, 100_000)
            : string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "1" + new string(close, 100_000);
        foreach (string body in (string[])[nested, $$"""{"url":"http://example.com/","event":"PostDeployment","status":4,"x":{{nested}}}""", new string(open, 100_000)])
        {
            await RefusesAsync("POST", "/api/hooks", body, 400, "The body is not JSON");
            await RefusesAsync("POST", "/api/hooks/publish/PostDeployment", body, 400, "The body is not JSON");
            await RefusesAsync("PUT", "/api/deployments/x", body, 400, "The body is not JSON");
        }
    }

    [Fact]
    public Task A_url_of_10_kB_gets_400() => RefusesAsync(
        "POST", "/api/hooks", Some.Hook("http://example.com/".PadRight(10_000, 'x')).ToJsonString(), 400, "'url' has 10000 characters; the maximum is 4096");

    [Theory]
    [InlineData("http://example.com/a\u0000b")]
    [InlineData("http://example.com/a\r\nX-Header: 1")]
    [InlineData("http://example.com/\u001b[31m")]
    [InlineData("http://example.com/a\tb")]
    [InlineData("http://exam\u007fple.com/")]
    [InlineData("http://example.com/a b")]
    [InlineData("http://example.com\\@169.254.169.254/")]
    public Task A_url_with_a_space_a_control_character_or_a_backslash_gets_400(string url) =>
        RefusesAsync("POST", "/api/hooks", Some.Hook(url).ToJsonString(), 400, "contains a space, a control character or a backslash");

    [Fact]
    public async Task Lone_surrogates_and_invalid_UTF_8_get_400()
    {
        await RefusesAsync("POST", "/api/hooks", """{"url":"http://example.com/\ud800","event":"PostDeployment"}""", 400, "'url' must be a string");
        await RefusesAsync("POST", "/api/hooks", """{"url":"http://example.com/","event":"\udc00"}""", 400, "'event' must be a string");
        await RefusesAsync("POST", "/api/hooks", """{"\ud800":1,"url":"x"}""", 400, "'url' must be an absolute URL");
        await RefusesAsync("POST", "/api/hooks", """{"url":"http://example.com/","event":"x","headers":{"\ud800":"x"}}""", 400, "'headers' is not valid");
        byte[] latin = [.. "{\"url\":\"http://example.com/"u8, 0xfc, .. "\",\"event\":\"PostDeployment\"}"u8];
        await RefusesAsync("POST", "/api/hooks", new ByteArrayContent(latin), 400, "The body is not valid UTF-8");
        await RefusesAsync("POST", "/api/hooks/publish/PostDeployment", new ByteArrayContent(latin), 400, "The body is not valid UTF-8");
        await RefusesAsync("PUT", "/api/deployments/x", new ByteArrayContent(latin), 400, "The body is not valid UTF-8");
    }

    [Theory]
    [InlineData("..%2F..%2Fetc")]
    [InlineData("%2E%2Ehidden")]
    [InlineData(".hidden")]
    [InlineData("-option")]
    [InlineData("a%2Fb")]
    [InlineData("a%5Cb")]
    [InlineData("a%20b")]
    [InlineData("a%0D%0Ab")]
    [InlineData("%C3%BC")]
    [InlineData("x129")]
    public async Task An_invalid_site_name_gets_400(string site)
    {
        site = site == "x129" ? new string('x', 129) : site;
        const string Says = "A site name must be 1 to 128 letters, digits";
        await RefusesAsync("POST", $"/sites/{site}/api/hooks", Some.Hook().ToJsonString(), 400, Says);
        await RefusesAsync("GET", $"/sites/{site}/api/hooks", null as string, 400, Says);
        await RefusesAsync("POST", $"/sites/{site}/hooks/publish/PostDeployment", "{}", 400, Says);
        await RefusesAsync("PUT", $"/sites/{site}/api/deployments/x", Some.Report().ToJsonString(), 400, Says);
        await RefusesAsync("GET", $"/sites/{site}/deployments", null as string, 400, Says);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("-1")]
    [InlineData("5")]
    [InlineData("4.5")]
    [InlineData("1e3")]
    [InlineData("99999999999999999999")]
    [InlineData("\"success\"")]
    [InlineData("\"7\"")]
    [InlineData("true")]
    [InlineData("[4]")]
    public Task An_invalid_status_gets_400(string status) => RefusesAsync(
        "PUT", "/api/deployments/x", Some.Report().ToJsonString().Replace("\"status\":4", $"\"status\":{status}", StringComparison.Ordinal), 400, "'status' must be a whole number from 0 to 4");

    [Theory]
    [InlineData("2026-02-27T17:45:06Z", "2026-02-27T17:45:05Z", 4, "'end_time' is before 'start_time'")]
    [InlineData("2099-01-01T00:00:00Z", "2026-02-27T17:45:05Z", 3, "'end_time' is before 'start_time'")]
    [InlineData(null, "2026-02-27T17:45:05Z", 1, "'end_time' is allowed only if the deployment has ended")]
    [InlineData("yesterday", null, 4, "'start_time' must be an ISO 8601 time")]
    [InlineData(null, "27.02.2026 17h", 4, "'end_time' must be an ISO 8601 time")]
    [InlineData("9999-99-99T00:00:00Z", null, 4, "'start_time' must be an ISO 8601 time")]
    public Task An_end_before_the_start_or_an_invalid_time_gets_400(string? start, string? end, int status, string says)
    {
        JsonObject report = Some.Report(status);
        report["start_time"] = start;
        report["end_time"] = end;
        return RefusesAsync("PUT", "/api/deployments/x", report.ToJsonString(), 400, says);
    }

    [Theory]
    [InlineData("..%2Fx")]
    [InlineData("%2E%2Ex")]
    [InlineData("a%2Fb")]
    [InlineData("a%5Cb")]
    [InlineData("a%3Ab")]
    [InlineData("a%0Ab")]
    public Task A_deployment_id_with_path_characters_gets_400(string id) =>
        RefusesAsync("PUT", $"/api/deployments/{id}", Some.Report().ToJsonString(), 400, "A deployment id must be 1 to 128 letters, digits");

    [Theory]
    [InlineData("/sites/a%00b/api/hooks")]
    [InlineData("/api/deployments/a%00b")]
    public async Task A_null_character_in_a_path_gets_400_without_a_body(string path)
    {
        Reply reply = await _server.GetAsync(path);

        Assert.Equal((400, ""), (reply.Code, reply.Text));
        await IsUnharmedAsync(reply);
    }

    [Theory]
    [InlineData("message", 64 * 1024)]
    [InlineData("status_text", 64 * 1024)]
    [InlineData("progress", 64 * 1024)]
    [InlineData("author", 1024)]
    [InlineData("author_email", 1024)]
    [InlineData("deployer", 1024)]
    [InlineData("branch", 1024)]
    [InlineData("run", 128)]
    public Task A_report_field_that_is_too_long_gets_400(string field, int limit)
    {
        JsonObject report = Some.Report();
        report[field] = new string('x', limit + 1);
        return RefusesAsync("PUT", "/api/deployments/x", report.ToJsonString(), 400, $"'{field}' has {limit + 1} characters; the maximum is {limit}");
    }

    [Theory]
    [InlineData("PATCH", "/api/hooks", 405)]
    [InlineData("PUT", "/api/hooks/1", 405)]
    [InlineData("POST", "/api/deployments", 405)]
    [InlineData("GET", "/api/unknown", 404)]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/sites/shop/api/hooks/1/2/3", 404)]
    public async Task An_unknown_method_or_path_gets_405_or_404(string method, string path, int status)
    {
        Reply reply = await _server.SendAsync(HttpMethod.Parse(method), path);

        Assert.Equal((status, "application/problem+json"), (reply.Code, reply.ContentType));
        await IsUnharmedAsync(reply);
    }

    private Task<Reply> RefusesAsync(string method, string path, string? body, int status, string says) =>
        RefusesAsync(method, path, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"), status, says);

    private async Task<Reply> RefusesAsync(string method, string path, HttpContent? body, int status, string says)
    {
        Reply reply = await _server.SendAsync(HttpMethod.Parse(method), path, body);

        Assert.True(status == reply.Code, $"{method} {path} returned {reply.Code}: {reply.Text}");
        Assert.Contains(says, reply.Reason, StringComparison.Ordinal);
        await IsUnharmedAsync(reply);
        return reply;
    }

    private async Task IsUnharmedAsync(Reply reply)
    {
        Assert.DoesNotContain("   at ", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", reply.Text, StringComparison.Ordinal);
        Assert.True(reply.Text.Length < 2048, "The error repeats the refused input.");
        Assert.Equal("[]", (await _server.GetAsync("/api/hooks")).Text);
        Assert.Equal("[]", (await _server.GetAsync("/api/deployments")).Text);
        Assert.Equal("default", Assert.Single(await _server.Store.ReadAsync(tables => tables.Sites.List("", 10), TestContext.Current.CancellationToken)).Name);
        Assert.Equal("ready", (await _server.GetAsync("/healthz"))["status"]);
    }

    private sealed class Chunked(byte[] body) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => stream.WriteAsync(body).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
