using System.Text;
using System.Text.Json;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deployments;

/// <summary><c>/api/deployments/{id}/log</c>.</summary>
public sealed class DeploymentLogTests(SharedServer shared) : IAsyncLifetime
{
    private readonly TestServer _server = shared.Server;
    private readonly string _deployment = $"/sites/{Some.Site()}/api/deployments/{Some.DeploymentId()}";

    public async ValueTask InitializeAsync() => await _server.PutAsync(_deployment, Some.Report(1, "one"));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Appended_lines_become_top_level_entries_in_their_order()
    {
        await AppendAsync("""[{"message":"one"},{"message":"two","type":1,"log_time":"2026-02-27T17:45:06.5+01:00"},{"message":"","type":2}]""");
        await AppendAsync("""[{"MESSAGE":"four","type":2,"other":{}}]""");

        JsonElement[] log = await LogAsync();

        Assert.Equal(["one", "two", "", "four"], log.Select(entry => entry.GetProperty("message").GetString()));
        Assert.Equal([0, 1, 2, 2], log.Select(entry => entry.GetProperty("type").GetInt32()));
        Assert.Equal("2026-02-27T16:45:06.5000000Z", log[1].GetProperty("log_time").GetString());
        Assert.All(log, entry => Assert.Equal(JsonValueKind.Null, entry.GetProperty("details_url").ValueKind));
        Assert.Equal(4, log.Select(entry => entry.GetProperty("id").GetString()).Distinct().Count());
    }

    [Theory]
    [InlineData("one\ntwo", "text/plain", new[] { "one", "two" })]
    [InlineData("one\r\ntwo\r\n", "text/plain; charset=utf-8", new[] { "one", "two" })]
    [InlineData("\n\n", "text/plain", new[] { "", "" })]
    [InlineData("[12:00] building", "text/plain", new[] { "[12:00] building" })]
    [InlineData("[{\"message\":\"curl sends this type\"}]", "application/x-www-form-urlencoded", new[] { "curl sends this type" })]
    [InlineData("Größe ✓", null, new[] { "Größe ✓" })]
    public async Task A_text_body_is_appended_line_by_line(string body, string? contentType, string[] lines)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        Reply reply = await _server.SendAsync(HttpMethod.Post, $"{_deployment}/log", content);

        Assert.Equal(204, reply.Code);
        Assert.Equal(lines, (await LogAsync()).Select(entry => entry.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task An_empty_array_returns_204_and_appends_nothing()
    {
        Assert.Equal(204, (await AppendAsync("[]")).Code);
        Assert.Empty(await LogAsync());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[{}]")]
    [InlineData("""[{"message":null}]""")]
    [InlineData("""[{"message":"good"},{"message":5}]""")]
    [InlineData("""[{"message":"x","type":3}]""")]
    [InlineData("""[{"message":"x","log_time":"noon"}]""")]
    [InlineData("[")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("\"\\ud800\"")]
    [InlineData("""[{"message":"\ud800"}]""")]
    public async Task An_invalid_log_body_returns_400_and_appends_nothing(string body)
    {
        Reply reply = await AppendAsync(body);

        Assert.Equal(400, reply.Code);
        Assert.Equal("application/problem+json", reply.ContentType);
        Assert.Empty(await LogAsync());
    }

    [Fact]
    public async Task Text_that_is_not_UTF8_returns_400_and_appends_nothing()
    {
        using var content = new ByteArrayContent([(byte)'a', 0xff]);

        Assert.Equal(400, (await _server.SendAsync(HttpMethod.Post, $"{_deployment}/log", content)).Code);
        Assert.Empty(await LogAsync());
    }

    [Fact]
    public async Task The_log_of_an_unknown_deployment_returns_404()
    {
        Assert.Equal(404, (await _server.GetAsync(_deployment + "x/log")).Code);
        Assert.Equal(404, (await _server.GetAsync(_deployment + "x/log/1")).Code);
        Reply reply = await _server.SendAsync(HttpMethod.Post, _deployment + "x/log", "[]");
        Assert.Equal(404, reply.Code);
        Assert.Contains("not found", reply["Message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    public async Task An_unknown_log_entry_returns_404(string entry)
    {
        await AppendAsync("""[{"message":"one"}]""");

        Reply reply = await _server.GetAsync($"{_deployment}/log/{entry}");

        Assert.Equal(404, reply.Code);
        Assert.StartsWith($"LogId '{entry}' was not found in Deployment", reply["Message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_entry_without_details_returns_an_empty_list()
    {
        await AppendAsync("""[{"message":"one"}]""");

        Assert.Equal("[]", (await _server.GetAsync($"{_deployment}/log/{(await LogAsync())[0].GetProperty("id")}")).Text);
    }

    [Fact]
    public async Task Each_run_has_its_own_log_and_a_read_returns_that_of_the_newest_run()
    {
        await AppendAsync("""[{"message":"of one"}]""");
        await _server.PutAsync(_deployment, Some.Report(3, "one"));
        await _server.PutAsync(_deployment, Some.Report(1, "two"));

        await AppendAsync("""[{"message":"of two"}]""");
        Reply late = await _server.SendAsync(HttpMethod.Post, $"{_deployment}/log?run=one", """[{"message":"late"}]""");
        Reply unknown = await _server.SendAsync(HttpMethod.Post, $"{_deployment}/log?run=three", """[{"message":"lost"}]""");

        Assert.Equal((204, 404), (late.Code, unknown.Code));
        Assert.Equal("of two", Assert.Single(await LogAsync()).GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_log_above_its_limit_keeps_its_start_and_its_end_and_counts_the_dropped_lines()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Deployments.LogLimit = 1024);
        await server.PutAsync("/api/deployments/one", Some.Report(1));
        string[] lines = [.. Enumerable.Range(0, 100).Select(i => $"line {i:000} ".PadRight(32, '.'))];
        foreach (string[] some in lines.Chunk(10))
        {
            await server.SendAsync(HttpMethod.Post, "/api/deployments/one/log", JsonSerializer.Serialize(some.Select(line => new { message = line })));
        }

        string[] kept = [.. (await server.GetAsync("/api/deployments/one/log")).Json.EnumerateArray().Select(entry => entry.GetProperty("message").GetString()!)];

        int note = Array.FindIndex(kept, line => line.StartsWith('…'));
        int dropped = lines.Length - (kept.Length - 1);
        Assert.Contains($"{dropped} lines were omitted here: a log is limited to 1024 bytes", kept[note], StringComparison.Ordinal);
        Assert.Equal(lines[..note], kept[..note]);
        Assert.Equal(lines[(note + dropped)..], kept[(note + 1)..]);
        Assert.InRange(kept.Where((_, i) => i != note).Sum(line => line.Length + LogExtent.EntryBytes), 512, 1024);
    }

    private async Task<JsonElement[]> LogAsync()
    {
        Reply reply = await _server.GetAsync($"{_deployment}/log");
        Assert.Equal(200, reply.Code);
        return [.. reply.Json.EnumerateArray()];
    }

    private Task<Reply> AppendAsync(string json) => _server.SendAsync(HttpMethod.Post, $"{_deployment}/log", json);
}
