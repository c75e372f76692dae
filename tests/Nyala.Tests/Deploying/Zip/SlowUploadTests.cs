using System.IO.Pipelines;
using System.Net;
using Nyala.Server.Processes;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Zip;

/// <summary>Uploads whose body arrives slowly.</summary>
public sealed class SlowUploadTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData("zipdeploy")]
    [InlineData("publish?type=zip")]
    [InlineData("publish?type=zip&path=part")]
    public async Task A_slow_upload_does_not_block_other_deployments_of_the_site(string path)
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
    public async Task An_upload_that_completes_during_another_deployment_returns_409()
    {
        // A separate server: no other test has files in its uploads folder.
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
    public async Task A_site_can_be_deleted_during_an_upload_which_then_returns_404()
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
    public async Task An_aborted_upload_leaves_no_file()
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

        // The stop waits for the request, which deletes its file. The check is before a restart, which would delete the file too.
        await server.StopAsync();
        Assert.Empty(Uploads(server));
    }

    /// <summary>Returns a zip that is large enough for the web server's minimum data rate, even if the test is slow on a loaded machine.</summary>
    private static Task<byte[]> ZipAsync()
    {
        byte[] pad = new byte[300_000];
        new Random(7).NextBytes(pad);
        return Zips.Of(("pad", Convert.ToBase64String(pad)), ("a", "slow")).ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    private static string[] Uploads(TestServer server) => Directory.GetFiles(Path.Combine(server.DataFolderPath, "uploads"));

    private static async Task<HttpResponseMessage> SendAsync(TestServer server, DeployingSite site, string path, HttpContent content, CancellationToken cancellationToken)
    {
        // With Expect: 100-continue, the client sends the body only when the server starts to read it.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, Expect100ContinueTimeout = Timeout.InfiniteTimeSpan }) { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{site.Api}/{path}") { Content = content };
        request.Headers.Authorization = server.Http.DefaultRequestHeaders.Authorization;
        request.Headers.ExpectContinue = true;
        return await http.SendAsync(request, cancellationToken);
    }

    /// <summary>A deploy command that exits when the test opens the gate.</summary>
    private sealed class CommandGate : IDisposable
    {
        private readonly TempFolder _folder = new();
        private FileStream? _open;

        public CommandGate() => Posix.MakePipe(_folder.In("go"));

        public string Command => $"read -r go < {_folder.In("go")}";

        public void Open()
        {
            // Opened for reading too: the open does not wait for the command, and the bytes stay in the pipe until the command reads them.
            _open = new FileStream(_folder.In("go"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            _open.Write("go\n"u8);
        }

        public void Dispose()
        {
            _open?.Dispose();
            _folder.Dispose();
        }
    }

    /// <summary>A request body that the test sends piece by piece.</summary>
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
