using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Nyala.Client;
using Nyala.Server.Storage;
using Nyala.Tests.Outbound;
using Nyala.Tests.Support;

namespace Nyala.Tests.Secrets;

/// <summary>Secrets appear in no log of any level, no error, no list, no event and no database file.</summary>
public sealed class SecretLeakTests
{
    private const string Password = "open-sesame-4711";
    private const string PathKey = "path-key-4712";
    private const string HeaderKey = "header-key-4714";
    private const string Bearer = "bearer-key-4715";
    private const string Setting = "setting-value-4716";
    private const string Wrong = "wrong-token-4713";

    private readonly List<string> _secrets = [Password, PathKey, HeaderKey, Bearer, Setting, Wrong, TestServer.Token];
    private readonly List<(string From, string Text)> _told = [];
    private bool _masked;

    [Fact]
    public async Task No_secret_appears_in_logs_responses_events_or_database_files()
    {
        using var log = new CapturedLog();
        await using Receiver receiver = await Receiver.StartAsync();
        await using (TestServer server = await TestServer.StartAsync(log: log))
        {
            await UseAsync(server, receiver);
            await ChangeAsync(server, receiver);
            await DisableAsync(server, receiver);
            await UseSettingsAsync(server);
            TellStore(server);
        }

        _told.AddRange(log.Lines.Select(line => ("the log", line)));

        Assert.Contains(log.Lines, line => line.StartsWith("Debug", StringComparison.Ordinal) || line.StartsWith("Trace", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains("Nyala.", StringComparison.Ordinal));
        Assert.True(_masked, "No record of an attempt with a masked header was found.");
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

        // Deliveries that succeed, fail and do not reach a receiver, and requests that are refused for every reason.
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
        Tell("bad token", await GetWithTokenAsync(server, Wrong, "/api/hooks"));
        Tell("forbidden", await GetWithTokenAsync(server, token, "/api/tokens"));
        Tell("bad host", await server.SendAsync(HttpMethod.Get, "/api/hooks", null as string, ("Host", "evil.example")));

        // A caller who manages hooks sees whole callback URLs, but no password and no signing secret.
        Tell("hooks", await server.GetAsync("/api/hooks"), PathKey);
        Tell("hooks, to a reader", await GetWithTokenAsync(server, token, "/api/hooks"));
        Tell("hook, to a reader", await GetWithTokenAsync(server, token, $"/api/hooks/{id}"));
        Tell("tokens", await server.GetAsync("/api/tokens"));
        Tell("audit", await server.GetAsync("/api/audit"));
        await server.DeleteAsync($"/api/tokens/{created["id"]}");
        Tell("revoked", await GetWithTokenAsync(server, token, "/api/hooks"));
        await server.DeleteAsync($"/api/hooks/{id}");
        Tell("audit", await server.GetAsync("/api/audit"));
    }

    /// <summary>Makes every kind of request for a hook that has every kind of secret.</summary>
    private async Task ChangeAsync(TestServer server, Receiver receiver)
    {
        (string first, string second, string third) = (WebhookSecret.Create(), WebhookSecret.Create(), WebhookSecret.Create());
        using X509Certificate2 authority = Certificates.Authority("clients");
        using X509Certificate2 certificate = Certificates.Issue(authority, "nyala");
        string key = Certificates.Key(certificate);
        _secrets.AddRange([first, second, third, first["whsec_".Length..], second["whsec_".Length..], third["whsec_".Length..], .. key.Split('\n')[1..^1]]);
        JsonObject hook = Some.Hook($"http://ann:{Password}@127.0.0.1:{receiver.Url.Port}/{PathKey}?changed", "Built");
        (hook["secret"], hook["headers"]) = (first, new JsonObject { ["X-Key"] = HeaderKey });
        hook["client_certificate"] = Certificates.WithKey(certificate);
        Reply subscribed = await server.PostAsync("/api/hooks", hook);
        string path = $"/api/hooks/{subscribed["id"]}";
        Tell("subscribed", subscribed, PathKey, first);

        Tell("changed", await server.SendAsync(HttpMethod.Patch, path, $$$"""{"description":"x","headers":{"X-Key":"{{{HeaderKey}}}","X-Other":"{{{HeaderKey}}}2"}}"""), PathKey);
        Tell("refused headers", await server.SendAsync(HttpMethod.Patch, path, $$$"""{"headers":{"Authorization":"{{{HeaderKey}}}","Host":"{{{HeaderKey}}}"}}"""));
        Tell("refused certificate", await server.SendAsync(
            HttpMethod.Patch, path, new JsonObject { ["client_certificate"] = key, ["ca"] = Certificates.WithKey(certificate) }.ToJsonString()));
        Tell("rotated", await server.SendAsync(HttpMethod.Post, path + "/rotate-secret", $$"""{"secret":"{{second}}"}"""), PathKey, second);
        Tell("rotated again", await server.SendAsync(HttpMethod.Post, path + "/rotate-secret", $$"""{"secret":"{{third}}","overlap":"1h"}"""), PathKey, third);
        Tell("refused rotation", await server.SendAsync(HttpMethod.Post, path + "/rotate-secret", $$"""{"secret":"{{first}}!"}"""));
        foreach (string verb in (string[])["pause", "resume", "enable", "restore", "ping"])
        {
            Tell(verb, await server.SendAsync(HttpMethod.Post, $"{path}/{verb}"), PathKey);
        }

        Tell("hook", await server.GetAsync(path), PathKey);
        Tell("audit", await server.GetAsync("/api/audit"));
    }

    /// <summary>Causes a hook to be disabled, and records the event that reports it.</summary>
    private async Task DisableAsync(TestServer server, Receiver receiver)
    {
        await using Receiver listener = await Receiver.StartAsync();
        await server.SubscribeAsync(listener.Url, "HookDisabled");
        receiver.AnswerAlways(500);
        JsonObject hook = Some.Hook($"http://127.0.0.1:{receiver.Url.Port}/{PathKey}?disabled", "Fails");
        hook["headers"] = new JsonObject { ["Authorization"] = $"Bearer {Bearer}" };
        string id = (await server.PostAsync("/api/hooks", hook))["id"];
        await server.Store.WriteAsync(tables =>
        {
            var health = new HookHealth(1, TimeProvider.System.GetUtcNow().AddDays(-6), null, 0);
            tables.Hooks.SetHealth(long.Parse(id, CultureInfo.InvariantCulture), health);
            return true;
        });

        await server.SendAsync(HttpMethod.Post, "/api/hooks/publish/Fails", "{}");

        Received told = await listener.NextAsync();
        _told.Add(("the event HookDisabled", told.Text + string.Join(' ', told.Headers.Values)));
        Tell("disabled", await server.GetAsync($"/api/hooks/{id}"), PathKey);
    }

    /// <summary>Writes and reads settings of a site that contain a secret.</summary>
    private async Task UseSettingsAsync(TestServer server)
    {
        await server.PostAsync("/api/sites", new JsonObject { ["name"] = "shop" });
        Tell("set", await server.PostAsync("/sites/shop/api/settings", new JsonObject { ["API_KEY"] = Setting, ["Other:Key"] = Setting }));
        Tell("set by key and value", await server.PostAsync("/sites/shop/api/settings", new JsonObject { ["key"] = "API_KEY", ["value"] = Setting }));
        Tell("refused", await server.PostAsync("/sites/shop/api/settings", new JsonObject { ["NYALA_X"] = Setting, ["A"] = new JsonArray(Setting), ["B"] = Setting + '\0' }));
        Tell("refused branch", await server.PostAsync("/sites/shop/api/settings", new JsonObject { ["SCM_BRANCH"] = Setting + ".." }));
        Tell("no site", await server.PostAsync("/sites/nowhere/api/settings", new JsonObject { ["A"] = Setting }));
        Tell("settings", await server.GetAsync("/sites/shop/api/settings"), Setting);
        Tell("site", await server.GetAsync("/api/sites/shop"));
        string reader = (await server.PostAsync("/api/tokens", new JsonObject { ["name"] = "reader", ["scopes"] = new JsonArray("read") }))["token"];
        _secrets.Add(reader);
        Tell("settings, to a reader", await GetWithTokenAsync(server, reader, "/sites/shop/api/settings"));
        Tell("a setting, to a reader", await GetWithTokenAsync(server, reader, "/sites/shop/api/settings/API_KEY"));
        await server.DeleteAsync("/sites/shop/api/settings/Other:Key");
        Tell("audit", await server.GetAsync("/api/audit"));
    }

    /// <summary>Records the database files. They contain the path of a URL in plain text, but no other secret.</summary>
    private void TellStore(TestServer server)
    {
        foreach (string file in Directory.EnumerateFiles(server.DataFolder, "nyala.db*"))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            string text = reader.ReadToEnd();
            _told.Add((file, text.Replace(PathKey, "", StringComparison.Ordinal)));
            _masked |= text.Contains("X-Key: ***", StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>Records a response, without the values that this caller is meant to see.</summary>
    private void Tell(string from, Reply reply, params string[] meant) =>
        _told.Add((from, meant.Aggregate(reply.Text, (text, known) => text.Replace(known, "", StringComparison.Ordinal))));

    private static async Task<Reply> GetWithTokenAsync(TestServer server, string token, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new("Bearer", token) } };
        return await Reply.ReadAsync(await server.Anonymous.SendAsync(request, TestContext.Current.CancellationToken));
    }
}
