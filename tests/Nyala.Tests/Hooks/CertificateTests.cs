using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Nyala.Client.Json;
using Nyala.Server.Storage;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Outbound;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary><c>ca</c> and <c>client_certificate</c>: the receiver has its own certificate authority and requires a client certificate.</summary>
public sealed class CertificateTests(SharedServer shared) : IAsyncLifetime
{
    private readonly TestServer _server = shared.Server;
    private TlsReceiver? _receiver;

    private TlsReceiver Receiver => _receiver!;

    public async ValueTask InitializeAsync() => _receiver = await TlsReceiver.StartAsync();

    public ValueTask DisposeAsync() => Receiver.DisposeAsync();

    [Fact]
    public async Task A_changed_ca_or_client_certificate_applies_to_the_next_delivery()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, Receiver.Url);
        await hook.PublishAsync();
        Assert.StartsWith("TLS failed: ", (await hook.ReadAsync())["last_reason"], StringComparison.Ordinal);

        // The receiver is trusted, but refuses a client without a certificate.
        await ChangeAsync(hook, new JsonObject { ["ca"] = Receiver.Authority });
        await hook.PublishAsync();
        Assert.Equal("Failure", (await hook.ReadAsync())["last_status"]);
        Assert.Empty(Receiver.Seen);

        await ChangeAsync(hook, new JsonObject { ["client_certificate"] = Receiver.Client });
        await hook.PublishAsync();
        Assert.Equal("OK", (await hook.ReadAsync())["last_status"]);

        await ChangeAsync(hook, new JsonObject { ["client_certificate"] = null });
        await hook.PublishAsync();
        Assert.Equal("Failure", (await hook.ReadAsync())["last_status"]);
        Assert.Equal(["CN=nyala"], Receiver.Seen);
    }

    [Fact]
    public async Task Subscribing_sets_certificates_and_subscribing_again_without_them_keeps_them()
    {
        string path = $"/sites/{Some.Site()}/api/hooks";
        JsonObject hook = Some.Hook(Receiver.Url, Some.EventType());
        (hook["ca"], hook["client_certificate"]) = (Receiver.Authority, Receiver.Client);

        Reply subscribed = await _server.PostAsync(path, hook);
        (hook["ca"], hook["client_certificate"]) = (null, null);
        Reply again = await _server.PostAsync(path, hook);

        Assert.Equal((201, 201), (subscribed.Code, again.Code));
        Assert.Equal("delivered", (await _server.SendAsync(HttpMethod.Post, $"{path}/{again["id"]}/ping"))["state"]);
    }

    [Fact]
    public async Task A_hook_shows_subject_and_expiry_of_its_certificates_and_never_the_key()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, Receiver.Url);

        Reply changed = await ChangeAsync(hook, new JsonObject { ["ca"] = Receiver.Authority, ["client_certificate"] = Receiver.Client });

        Assert.Equal("CN=receivers", Assert.Single(changed.Json.GetProperty("ca").EnumerateArray()).GetProperty("subject").GetString());
        Assert.Equal($$"""{"subject":"CN=nyala","expires":"{{KuduTime.Format(Receiver.ClientEnds)}}"}""", changed["client_certificate"]);
        Assert.Equal(changed.Text, (await hook.ReadAsync()).Text);
        foreach (string text in (string[])[changed.Text, (await _server.GetAsync("/api/hooks")).Text, (await _server.GetAsync("/api/audit")).Text])
        {
            Assert.DoesNotContain("PRIVATE", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Receiver.ClientKey, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_key_of_a_client_certificate_is_encrypted_in_the_store()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, Receiver.Url);

        await ChangeAsync(hook, new JsonObject { ["ca"] = Receiver.Authority, ["client_certificate"] = Receiver.Client });

        HookRecord? record = await _server.Store.ReadAsync(tables => tables.Hooks.Find(hook.Number), TestContext.Current.CancellationToken);
        Assert.Equal(Receiver.Authority, record!.Authority);
        Assert.DoesNotContain("BEGIN", record.ClientCertificate, StringComparison.Ordinal);
        foreach (string file in Directory.EnumerateFiles(_server.DataFolder, "nyala.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            Assert.DoesNotContain(Receiver.ClientKey, await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_unusable_certificate_returns_400_with_a_reason_and_changes_nothing()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, Receiver.Url);
        string before = (await hook.ReadAsync()).Text;
        using X509Certificate2 authority = Certificates.Authority("other");
        using X509Certificate2 over = Certificates.Issue(authority, "over", to: TimeProvider.System.GetUtcNow().AddMinutes(-1));
        string leaf = Receiver.Client[..(Receiver.Client.IndexOf("END CERTIFICATE-----", StringComparison.Ordinal) + 20)];
        (JsonNode? Ca, JsonNode? Client, string Says)[] refusals =
        [
            ("nonsense", null, "'ca' is not valid. It contains no certificate"),
            (7, null, "'ca' must be a string."),
            (leaf, null, "'ca' is not valid. It contains no root"),
            (Receiver.Authority + Receiver.Client, null, "'ca' is not valid. It contains a private key"),
            (new string(' ', 65_537), null, "'ca' is not valid. It has 65537 characters"),
            (null, leaf, "'client_certificate' is not valid. It contains no key"),
            (null, Receiver.Authority + "\n" + Receiver.Client, "'client_certificate' is not valid. Its key cannot be read"),
            (null, Certificates.WithKey(over), "'client_certificate' is not valid. The certificate of CN=over expired"),
            (null, new JsonArray(), "'client_certificate' must be a string."),
        ];

        foreach ((JsonNode? ca, JsonNode? client, string says) in refusals)
        {
            var change = new JsonObject { ["description"] = "kept out" };
            change[ca is null ? "client_certificate" : "ca"] = ca ?? client;
            Reply refused = await _server.SendAsync(HttpMethod.Patch, $"/api/hooks/{hook.Id}", change.ToJsonString());

            Assert.Equal(400, refused.Code);
            Assert.Contains(says, refused.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain(Receiver.ClientKey, refused.Text, StringComparison.Ordinal);
        }

        Assert.Equal(before, (await hook.ReadAsync()).Text);
    }

    [Fact]
    public async Task The_CLI_sets_certificates_from_files_and_removes_them()
    {
        using var cli = new CliHarness();
        using var folder = new TempFolder();
        cli["NYALA_SERVER"] = _server.Address.AbsoluteUri;
        cli["NYALA_TOKEN"] = TestServer.Token;
        (string ca, string client) = (folder.In("ca.pem"), folder.In("client.pem"));
        await File.WriteAllTextAsync(ca, Receiver.Authority, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(client, Receiver.Client, TestContext.Current.CancellationToken);
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, Receiver.Url);

        (int exitCode, string shown, string error) = await cli.RunAsync("hooks", "set", hook.Id, "--ca", ca, "--client-certificate", client);
        Assert.True(exitCode == 0, error);
        Assert.Matches("(?s)ca +CN=receivers, until .*\nclient certificate +CN=nyala, until ", shown);
        Assert.Equal("delivered", (await _server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook.Id}/ping"))["state"]);

        Assert.Equal(0, (await cli.RunAsync("hooks", "set", hook.Id, "--no-ca", "--no-client-certificate")).ExitCode);
        Reply bare = await hook.ReadAsync();
        Assert.Equal(("", ""), (bare["ca"], bare["client_certificate"]));
        Assert.Equal(1, (await cli.RunAsync("hooks", "set", hook.Id, "--ca", folder.In("none.pem"))).ExitCode);
    }

    private async Task<Reply> ChangeAsync(HookUnderTest hook, JsonObject change)
    {
        Reply reply = await _server.SendAsync(HttpMethod.Patch, $"/api/hooks/{hook.Id}", change.ToJsonString());
        Assert.True(reply.Code == 200, reply.Text);
        return reply;
    }
}
