using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Secrets;
using Nyala.Tests.Support;

namespace Nyala.Tests.Secrets;

public sealed class SecretsAtRestTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Signing_secrets_and_url_passwords_are_not_in_plain_text_in_the_database()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, $"http://someone:open-sesame-4711@127.0.0.1:{receiver.Url.Port}/in-the-clear-4711");

        byte[][] files = [.. Directory.EnumerateFiles(_server.DataFolder, "nyala.db*").Select(Read)];

        Assert.Contains(files, bytes => Holds(bytes, "/in-the-clear-4711"));
        Assert.DoesNotContain(files, bytes => Holds(bytes, hook.Secret));
        Assert.DoesNotContain(files, bytes => Holds(bytes, hook.Secret["whsec_".Length..]));
        Assert.DoesNotContain(files, bytes => Holds(bytes, "open-sesame-4711"));
        Assert.DoesNotContain(files, bytes => Holds(bytes, Convert.ToBase64String("someone:open-sesame-4711"u8)));
    }

    [Fact]
    public async Task User_info_in_a_url_is_sent_as_Basic_credentials_and_masked_in_responses()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, $"http://$user:p%40ss%3A%2F@{receiver.Url.Authority}{receiver.Url.AbsolutePath}");

        await hook.PublishAsync();

        Received request = await receiver.NextAsync();
        Assert.Equal("Basic " + Convert.ToBase64String("$user:p@ss:/"u8), request.Header("Authorization"));
        Assert.Equal($"http://$user:***@{receiver.Url.Authority}{receiver.Url.AbsolutePath}", (await hook.ReadAsync())["url"]);
        Assert.DoesNotContain("p%40ss", (await _server.GetAsync("/api/hooks")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", (await hook.ReadAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encrypted_secret_can_be_decrypted_and_differs_each_time_it_is_encrypted()
    {
        SecretBox box = _server.Server.Services.GetRequiredService<SecretBox>();

        string closed = box.Encrypt("grün:secret");

        Assert.Equal("grün:secret", box.Decrypt(closed));
        Assert.NotEqual(closed, box.Encrypt("grün:secret"));
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static bool Holds(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
