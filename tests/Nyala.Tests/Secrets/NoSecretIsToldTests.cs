using System.Text.Json.Nodes;
using Nyala.Client;
using Nyala.Tests.Support;

namespace Nyala.Tests.Secrets;

/// <summary>What opens something is told nobody: not in a log of any level, not in a refusal, not in a list.</summary>
public sealed class NoSecretIsToldTests
{
    private const string Password = "open-sesame-4711";
    private const string PathKey = "path-key-4712";
    private const string Wrong = "wrong-token-4713";

    private readonly List<string> _secrets = [Password, PathKey, Wrong, TestServer.Token];
    private readonly List<(string From, string Text)> _told = [];

    [Fact]
    public async Task Nowhere()
    {
        using var log = new CapturedLog();
        await using Receiver receiver = await Receiver.StartAsync();
        await using (TestServer server = await TestServer.StartAsync(log: log))
        {
            await UseAsync(server, receiver);
        }

        _told.AddRange(log.Lines.Select(line => ("the log", line)));

        Assert.Contains(log.Lines, line => line.StartsWith("Debug", StringComparison.Ordinal) || line.StartsWith("Trace", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains("Nyala.", StringComparison.Ordinal));
        Assert.DoesNotContain(_told, told => _secrets.Any(secret => told.Text.Contains(secret, StringComparison.OrdinalIgnoreCase)));
    }

    private async Task UseAsync(TestServer server, Receiver receiver)
    {
        string signing = WebhookSecret.Create();
        _secrets.AddRange([signing, signing["whsec_".Length..], Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"ann:{Password}"))]);
        string url = $"http://ann:{Password}@127.0.0.1:{receiver.Url.Port}/{PathKey}";
        JsonObject hook = Some.Hook(url, "Built");
        hook["secret"] = signing;
        string id = (await server.PostAsync("/api/hooks", hook))["id"];
        Reply created = await server.PostAsync("/api/tokens", new JsonObject { ["name"] = "reader", ["scopes"] = new JsonArray("read") });
        string token = created["token"];
        _secrets.Add(token);

        // Delivered, failed, not reached, and refused in every way that there is.
        await server.SendAsync(HttpMethod.Post, "/api/hooks/publish/Built", "{}");
        receiver.AnswerNext(new Answer(500, "no"), new Answer(302, "", ("Location", "http://127.0.0.1/elsewhere")));
        await server.SendAsync(HttpMethod.Post, "/api/hooks/publish/Built", "{}");
        Tell("ping", await server.SendAsync(HttpMethod.Post, $"/api/hooks/{id}/ping"), PathKey);
        await server.PostAsync("/api/hooks", Some.Hook($"http://ann:{Password}@127.0.0.1:9/{PathKey}", "Built"));
        await server.SendAsync(HttpMethod.Post, "/api/hooks/publish/Built", "{}");
        Tell("conflict", await server.PostAsync("/api/hooks", Some.Hook(url, "Other")));
        Tell("bad url", await server.PostAsync("/api/hooks", Some.Hook($"ftp://ann:{Password}@example.com/{PathKey}")));
        Tell("bad address", await server.PostAsync("/api/hooks", Some.Hook($"http://ann:{Password}@169.254.169.254/{PathKey}")));
        Tell("bad secret", await server.PostAsync("/api/hooks", new JsonObject { ["url"] = "http://127.0.0.1:9/", ["event"] = "x", ["secret"] = Password }));
        Tell("bad body", await server.SendAsync(HttpMethod.Post, "/api/hooks", $$"""{"secret":"{{Password}}" "url"}"""));
        Tell("bad token", await AsAsync(server, Wrong, "/api/hooks"));
        Tell("forbidden", await AsAsync(server, token, "/api/tokens"));
        Tell("bad host", await server.SendAsync(HttpMethod.Get, "/api/hooks", null as string, ("Host", "evil.example")));

        // One who manages hooks sees whole callback URLs, but no password and no signing secret.
        Tell("hooks", await server.GetAsync("/api/hooks"), PathKey);
        Tell("hooks, to a reader", await AsAsync(server, token, "/api/hooks"));
        Tell("hook, to a reader", await AsAsync(server, token, $"/api/hooks/{id}"));
        Tell("tokens", await server.GetAsync("/api/tokens"));
        Tell("audit", await server.GetAsync("/api/audit"));
        await server.DeleteAsync($"/api/tokens/{created["id"]}");
        Tell("revoked", await AsAsync(server, token, "/api/hooks"));
        await server.DeleteAsync($"/api/hooks/{id}");
        Tell("audit", await server.GetAsync("/api/audit"));
    }

    /// <summary>Keeps an answer, save for what this caller is meant to see.</summary>
    private void Tell(string from, Reply reply, string? meant = null) => _told.Add((from, meant is null ? reply.Text : reply.Text.Replace(meant, "", StringComparison.Ordinal)));

    private static async Task<Reply> AsAsync(TestServer server, string token, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new("Bearer", token) } };
        return await Reply.ReadAsync(await server.Anonymous.SendAsync(request, TestContext.Current.CancellationToken));
    }
}
