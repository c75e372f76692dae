using System.IO.Pipelines;
using System.Net;
using Nyala.Server.Processes;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Zip;

/// <summary>Uploads that take their time.</summary>
public sealed class SlowUploadTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData("zipdeploy")]
    [InlineData("publish?type=zip")]
    [InlineData("publish?type=zip&path=part")]
    public async Task An_upload_holds_nothing_while_it_comes(string path)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        byte[] zip = await ZipAsync();
        var slow = new SlowContent();
        Task<HttpResponseMessage> uploading = SendAsync(_server, site, path, slow, TestContext.Current.CancellationToken);
        await slow.WriteAsync(zip[..^10]);

        Assert.Equal(200, (await site.ZipAsync(("a", "first"))).Code);
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments")).Code);
        Assert.Equal("first", site.Read("a"));

        await slow.WriteAsync(zip[^10..]);
        slow.End();
        using HttpResponseMessage answer = await uploading.InTimeAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("slow", site.Read(path.Contains("path", StringComparison.Ordinal) ? "part/a" : "a"));
    }

    [Fact]
    public async Task The_one_that_is_complete_first_is_deployed_and_the_other_is_told_so()
    {
        // Of its own: nobody else has uploads there.
        await using TestServer server = await TestServer.StartAsync();
        using var gate = new CommandGate();
        DeployingSite site = await DeployingSite.CreateAsync(server, gate.Command);
        byte[] zip = await ZipAsync();
        var slow = new SlowContent();
        Task<HttpResponseMessage> uploading = SendAsync(server, site, "zipdeploy", slow, TestContext.Current.CancellationToken);
        await slow.WriteAsync(zip[..^10]);

        Reply begun = await site.BeginAsync(("a", "first"));
        await slow.WriteAsync(zip[^10..]);
        slow.End();
        using HttpResponseMessage answer = await uploading.InTimeAsync();
        gate.Open();

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("There is a deployment currently in progress", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("4", (await site.EndAsync(begun["id"]))["status"]);
        Assert.Equal("first", site.Read("a"));
        Assert.Empty(Uploads(server));
    }

    [Fact]
    public async Task A_site_can_be_removed_while_an_upload_comes()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        byte[] zip = await ZipAsync();
        var slow = new SlowContent();
        Task<HttpResponseMessage> uploading = SendAsync(_server, site, "zipdeploy", slow, TestContext.Current.CancellationToken);
        await slow.WriteAsync(zip[..^10]);

        Assert.Equal(204, (await _server.DeleteAsync($"/api/sites/{site.Name}")).Code);
        await slow.WriteAsync(zip[^10..]);
        slow.End();

        using HttpResponseMessage answer = await uploading.InTimeAsync();
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.False(Directory.Exists(site.Folder.Path));
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        DeployingSite site = await DeployingSite.CreateAsync(server);
        using var leave = new CancellationTokenSource();
        var slow = new SlowContent();
        Task<HttpResponseMessage> uploading = SendAsync(server, site, "zipdeploy", slow, leave.Token);
        await slow.WriteAsync((await ZipAsync())[..^10]);
        Assert.Single(Uploads(server));
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => uploading);

        // The server's stop waits for the request, which then has cleaned up; the next start would.
        await server.StopAsync();
        Assert.Empty(Uploads(server));
    }

    /// <summary>Large enough for the web server's least rate, however long the test takes on a loaded machine.</summary>
    private static Task<byte[]> ZipAsync()
    {
        byte[] pad = new byte[300_000];
        new Random(7).NextBytes(pad);
        return Zips.Of(("pad", Convert.ToBase64String(pad)), ("a", "slow")).ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    private static string[] Uploads(TestServer server) => Directory.GetFiles(Path.Combine(server.DataFolderPath, "uploads"));

    private static async Task<HttpResponseMessage> SendAsync(TestServer server, DeployingSite site, string path, HttpContent content, CancellationToken cancellationToken)
    {
        // The body begins once the server reads it, and not before.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, Expect100ContinueTimeout = Timeout.InfiniteTimeSpan }) { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{site.Api}/{path}") { Content = content };
        request.Headers.Authorization = server.Http.DefaultRequestHeaders.Authorization;
        request.Headers.ExpectContinue = true;
        return await http.SendAsync(request, cancellationToken);
    }

    /// <summary>A command that ends when the test says so.</summary>
    private sealed class CommandGate : IDisposable
    {
        private readonly TempFolder _folder = new();
        private FileStream? _open;

        public CommandGate() => Posix.MakePipe(_folder.In("go"));

        public string Command => $"read -r go < {_folder.In("go")}";

        public void Open()
        {
            // For reading too: that never waits for the command, and what is written stays until it is read.
            _open = new FileStream(_folder.In("go"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            _open.Write("go\n"u8);
        }

        public void Dispose()
        {
            _open?.Dispose();
            _folder.Dispose();
        }
    }

    /// <summary>A body that is sent as the test says.</summary>
    private sealed class SlowContent : HttpContent
    {
        private readonly Pipe _pipe = new();
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task WriteAsync(byte[] bytes)
        {
            await _begun.Task.InTimeAsync();
            await _pipe.Writer.WriteAsync(bytes, TestContext.Current.CancellationToken);
        }

        public void End() => _pipe.Writer.Complete();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            _begun.TrySetResult();
            while (await _pipe.Reader.ReadAsync(cancellationToken) is { } read && !(read.IsCompleted && read.Buffer.IsEmpty))
            {
                foreach (ReadOnlyMemory<byte> piece in read.Buffer)
                {
                    await stream.WriteAsync(piece, cancellationToken);
                }

                await stream.FlushAsync(cancellationToken);
                _pipe.Reader.AdvanceTo(read.Buffer.End);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
