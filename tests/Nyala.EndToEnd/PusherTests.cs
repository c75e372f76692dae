using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>The output on the terminal of a pusher, and the responses to malformed requests.</summary>
public sealed class PusherTests : IAsyncLifetime
{
    private readonly Machine _machine = new();
    private Developer _developer = null!;

    public async ValueTask InitializeAsync() => _developer = await Developer.StartAsync();

    public ValueTask DisposeAsync()
    {
        _machine.Dispose();
        _developer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Control_characters_do_not_reach_the_terminal_of_the_pusher()
    {
        Shop shop = await Shop.OpenAsync(_machine, await _machine.ServeAsync(), "cat page >&2");
        _developer.Write("page", "\u001b[31mred\u001b[0m \u001b]0;title\u0007shown \u009b2Jand gpj.\u202eexe\n");
        await _developer.CommitAsync("One \u001b[2J\u202e");

        (_, string seen) = await _developer.DoneAsync("push", shop.Url, "main", "main:refs/heads/a\u202eb");
        (_, _, string refused) = await _developer.RunAsync("push", shop.Url, "main:refs/notes/a\u202eb");
        (_, _, string unknown) = await _developer.RunAsync("ls-remote", shop.UrlOf(shop.Token, "%1b]0;x%07.git"));

        Assert.Contains("remote: red shown and gpj.exe", seen, StringComparison.Ordinal);
        Assert.Contains("remote: Branch 'ab' is stored", seen, StringComparison.Ordinal);
        Assert.Contains("remote: refs/notes/ab is refused", refused, StringComparison.Ordinal);
        string[] remote = [.. $"{seen}\n{refused}\n{unknown}".Split('\n').Where(line => line.StartsWith("remote:", StringComparison.Ordinal))];
        Assert.DoesNotContain(remote, line => line.Any(c => (char.IsControl(c) && c is not '\t' and not '\r') || c is '\u202e'));
    }

    [Theory]
    [InlineData("GZIP", HttpStatusCode.OK)]
    [InlineData("x-gzip", HttpStatusCode.OK)]
    [InlineData("deflate", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("br", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("gzip, gzip", HttpStatusCode.UnsupportedMediaType)]
    public async Task Git_requests_may_be_gzipped_and_other_codings_get_415(string coding, HttpStatusCode expected)
    {
        ServerProcess server = await _machine.ServeAsync();
        await Shop.OpenAsync(_machine, server);
        foreach (string service in (string[])["git-receive-pack", "git-upload-pack"])
        {
            (HttpStatusCode code, string text) = await SendAsync(server, service, Packed("0000"u8.ToArray()), coding);

            Assert.Equal((expected, expected == HttpStatusCode.OK), (code, text.Length == 0));
        }
    }

    [Theory]
    [InlineData("git-receive-pack")]
    [InlineData("git-upload-pack")]
    public async Task A_damaged_gzip_request_gets_400_with_the_reason(string service)
    {
        ServerProcess server = await _machine.ServeAsync();
        await Shop.OpenAsync(_machine, server);
        byte[] packed = Packed(Encoding.ASCII.GetBytes("0032want 1111111111111111111111111111111111111111\n0000"));
        byte[] sum = [.. packed];
        sum[^6] ^= 1;

        // upload-pack has already responded when the checksum turns out to be wrong.
        byte[][] bodies = [packed[..12], "no gzip at all"u8.ToArray(), .. service == "git-receive-pack" ? [sum, packed[..^9]] : (byte[][])[]];
        foreach (byte[] body in bodies)
        {
            (HttpStatusCode code, string text) = await SendAsync(server, service, body, "gzip");
            Assert.Equal(HttpStatusCode.BadRequest, code);
            Assert.Contains("damaged", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Git_LFS_requests_get_501_in_the_format_of_Git_LFS()
    {
        ServerProcess server = await _machine.ServeAsync();
        await Shop.OpenAsync(_machine, server);
        foreach (string path in (string[])["objects/batch", "locks", "locks/verify", "locks/1/unlock"])
        {
            using HttpResponseMessage response = await server.Http.PostAsync($"{Shop.Name}.git/info/lfs/{path}", new StringContent("{}"), TestContext.Current.CancellationToken);
            using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

            Assert.Equal((HttpStatusCode.NotImplemented, "application/vnd.git-lfs+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
            Assert.StartsWith(
                path == "objects/batch" ? "This server does not store Git LFS objects. " : "This server does not support Git LFS locks.", answer.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Git_LFS_pointers_fail_the_deployment_unless_the_site_allows_them()
    {
        Shop shop = await Shop.OpenAsync(_machine, await _machine.ServeAsync());
        string good = await _developer.CommitAsync("Good");
        await _developer.DoneAsync("push", shop.Url, "main");
        _developer.Write(".gitattributes", "*.png filter=lfs diff=lfs merge=lfs -text\n");
        string pointer = $"version https://git-lfs.github.com/spec/v1\noid sha256:{new string('a', 64)}\nsize 12345\n";
        await _developer.CommitAsync("Pointer", "img/logo.png", pointer);

        (_, string refused) = await _developer.DoneAsync("push", shop.Url, "main");
        Assert.Contains("remote: 1 file is a Git LFS pointer, not the file itself: img/logo.png. This server does not store LFS objects.", refused, StringComparison.Ordinal);
        Assert.Equal($"{good}-1", shop.Release);

        await shop.Client.SetSettingsAsync(new Dictionary<string, string> { ["SCM_ALLOW_LFS_POINTERS"] = "1" }, TestContext.Current.CancellationToken);
        string again = await _developer.CommitAsync("Again");
        (_, string taken) = await _developer.DoneAsync("push", shop.Url, "main");
        Assert.Contains("They are deployed as they are (SCM_ALLOW_LFS_POINTERS).", taken, StringComparison.Ordinal);
        Assert.Equal(($"{again}-1", pointer), (shop.Release, shop.Read("img/logo.png")));
    }

    [Fact]
    public async Task A_submodule_is_named_in_the_output_even_without_a_gitmodules_file()
    {
        Shop shop = await Shop.OpenAsync(_machine, await _machine.ServeAsync());
        string commit = await _developer.CommitAsync("First");
        await _developer.DoneAsync("update-index", "--add", "--cacheinfo", $"160000,{commit},vendor/lib");
        await _developer.DoneAsync("commit", "--quiet", "-m", "Submodule");

        (_, string seen) = await _developer.DoneAsync("push", shop.Url, "main");

        Assert.Contains("remote: The repository has submodules (vendor/lib). Their files are not fetched, and these folders are empty.", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_to_a_full_disk_fails_with_that_reason_even_if_it_is_the_first()
    {
        Directory.CreateDirectory(_machine.Data);
        _machine.Wrapper = ["unshare", "-rm", "sh", "-c", $"mount -t tmpfs -o size=8m,mode=700 tmpfs '{_machine.Data}' && exec \"$@\"", "sh"];
        if (await Tool.RunAsync("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", _machine.Data], "") is not { ExitCode: 0 })
        {
            Assert.Skip("A small disk cannot be mounted on this machine (unshare -rm, mount -t tmpfs).");
        }

        const string Full = "remote: The server's disk is full. Nothing was stored. Free some space, then try again.";
        (ServerProcess server, string data, _) = await _machine.ServeAsync(id => $"/proc/{id}/root{_machine.Data}");
        Shop shop = await Shop.OpenAsync(_machine, server);
        await _developer.CommitAsync("First");
        string ballast = Path.Combine(data, "ballast");
        await FillAsync(ballast);

        (int first, _, string firstSeen) = await _developer.RunAsync("push", shop.Url, "main");
        File.Delete(ballast);
        await _developer.DoneAsync("push", shop.Url, "main");
        await _developer.CommitAsync("Second");
        await FillAsync(ballast);
        (int second, _, string secondSeen) = await _developer.RunAsync("push", shop.Url, "main");

        Assert.All([first, second], code => Assert.NotEqual(0, code));
        Assert.Contains(Full, firstSeen, StringComparison.Ordinal);
        Assert.Contains(Full, secondSeen, StringComparison.Ordinal);
        Assert.Contains("! [remote rejected] main -> main", secondSeen, StringComparison.Ordinal);
    }

    private static async Task FillAsync(string file)
    {
        byte[] block = new byte[4096];
        await using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                await stream.WriteAsync(block, TestContext.Current.CancellationToken);
            }
        }
        catch (IOException)
        {
            // The disk is full.
        }
    }

    private static async Task<(HttpStatusCode Code, string Text)> SendAsync(ServerProcess server, string service, byte[] body, string coding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Shop.Name}.git/{service}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        using HttpResponseMessage response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
