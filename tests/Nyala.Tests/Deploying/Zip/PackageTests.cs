using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Zip;

/// <summary>Deployments of <c>{"packageUri": …}</c>: the server downloads the package, from working and broken hosts.</summary>
public sealed class PackageTests : IAsyncLifetime
{
    private readonly SignalClock _clock = new();
    private readonly TaskCompletionSource<Asked> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TestServer? _server;
    private DeployingSite? _site;
    private WebApplication? _host;
    private Func<HttpContext, Task> _answer = context => Task.CompletedTask;

    private TestServer Server => _server!;

    private DeployingSite Site => _site!;

    private string Host => _host!.Urls.First();

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _host = builder.Build();
        _host.Run(context =>
        {
            _asked.TrySetResult(new Asked($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}", $"{context.Request.Headers.AcceptEncoding}", $"{context.Request.Headers.Authorization}"));
            return _answer(context);
        });
        await _host.StartAsync(TestContext.Current.CancellationToken);
        _server = await TestServer.StartAsync(options => options.Deploying.Zip.Size = 1024 * 1024, _clock);
        _site = await DeployingSite.CreateAsync(_server);
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _host!.DisposeAsync();
    }

    [Theory]
    [InlineData("PUT", "zipdeploy", "a")]
    [InlineData("POST", "zipdeploy?isAsync=false", "a")]
    [InlineData("POST", "publish?type=zip", "a")]
    [InlineData("PUT", "publish?type=zip&path=part", "part/a")]
    public async Task A_package_is_downloaded_from_its_URL_and_deployed(string method, string path, string file)
    {
        await AnswerAsync(("a", "fetched"));

        Reply reply = await FetchAsync($"{Host}/site.zip?sig=s%2Bt", method, path);

        Assert.Equal((200, "4"), (reply.Code, reply["status"]));
        Assert.Equal("fetched", Site.Read(file));
        Assert.Equal(new Asked("GET /site.zip?sig=s%2Bt", "identity", ""), await _asked.Task.InTimeAsync());
    }

    [Fact]
    public async Task A_package_of_type_static_is_deployed_as_one_file()
    {
        _answer = context => context.Response.WriteAsync("<svg/>");

        Assert.Equal(200, (await FetchAsync($"{Host}/logo", "POST", "publish?type=static&path=img/logo.svg")).Code);
        Assert.Equal("<svg/>", Site.Read("img/logo.svg"));
    }

    [Fact]
    public async Task User_info_in_the_package_URL_is_sent_as_Basic_credentials()
    {
        await AnswerAsync(("a", "1"));

        Assert.Equal(200, (await FetchAsync(Host.Replace("//", "//me:p%40ss@", StringComparison.Ordinal))).Code);
        Assert.Equal("Basic " + Convert.ToBase64String("me:p@ss"u8), (await _asked.Task.InTimeAsync()).Authorization);
    }

    [Fact]
    public async Task An_asynchronous_deployment_of_a_package_returns_202_with_its_id()
    {
        await AnswerAsync(("a", "1"));

        Reply reply = await FetchAsync(Host, "POST", "publish?type=zip&async=true");

        Assert.Equal((202, reply["id"]), (reply.Code, reply.Headers["SCM-DEPLOYMENT-ID"]));
        Assert.Equal("4", (await Site.EndAsync(reply["id"]))["status"]);
    }

    [Theory]
    [InlineData("{}", "'packageUri' is missing")]
    [InlineData("""{"packageUri":""}""", "'packageUri' is missing")]
    [InlineData("""{"packageUri":"site.zip"}""", "absolute http or https URL")]
    [InlineData("""{"packageUri":"file:///etc/passwd"}""", "absolute http or https URL")]
    [InlineData("""{"packageUri":"ftp://example.com/x.zip"}""", "absolute http or https URL")]
    [InlineData("""{"packageUri":["x"]}""", "'packageUri' must be a string")]
    [InlineData("""{"packageUri":"https://example.com","targetPath":"/home/site"}""", "'targetPath' is not a field")]
    [InlineData("""{"properties":{"packageUri":"https://example.com"}}""", "'properties' is not a field")]
    [InlineData("""["x"]""", "must be an object")]
    [InlineData("PK", "application/zip")]
    public async Task A_body_without_a_valid_packageUri_returns_400_with_the_reason(string body, string why)
    {
        Reply reply = await Server.SendAsync(HttpMethod.Post, $"{Site.Api}/publish?type=zip", body);

        Assert.Equal(400, reply.Code);
        Assert.Contains(why, reply.Reason, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Answers() => new()
    {
        { "The server responded with 302 and a redirect to http://169.254.169.254/latest. Redirects are not followed.", "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n" },
        { "The server responded with 404 instead of 200.", "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope" },
        { "The server responded with 206 instead of 200.", "HTTP/1.1 206 Partial Content\r\nContent-Length: 4\r\n\r\nnope" },
        { "The server responded with 204 instead of 200.", "HTTP/1.1 204 No Content\r\n\r\n" },
        { "content coding 'gzip'", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope" },
        { "is empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" },
        { "larger than 1048576 bytes (Deploying:Zip:Size)", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nPK" },
        { "closed", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nPK" },
        { "closed", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nPK\r\n" },
        { "not HTTP", "SSH-2.0-OpenSSH_9.2\r\n" },
        { "closed", "" },
    };

    [Theory, MemberData(nameof(Answers))]
    public async Task An_unusable_response_of_the_package_host_returns_422_and_deploys_nothing(string why, string answer)
    {
        using var host = new RawHost(async connection =>
        {
            await connection.SendAsync(Encoding.ASCII.GetBytes(answer));
            connection.Shutdown(SocketShutdown.Send);
        });

        Reply reply = await FetchAsync($"{host.Url}/site.zip?sig=secret");

        Assert.Equal(422, reply.Code);
        Assert.Contains(why, reply.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", reply.Text, StringComparison.Ordinal);
        await AssertNothingAsync();
    }

    [Fact]
    public async Task An_endless_package_is_refused_at_the_size_limit_and_deploys_nothing()
    {
        using var host = new RawHost(async connection =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
            while (true)
            {
                await connection.SendAsync(new byte[64 * 1024]);
            }
        });

        Assert.Contains("larger than 1048576 bytes", (await FetchAsync(host.Url)).Reason, StringComparison.Ordinal);
        await AssertNothingAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nPK")]
    public async Task A_slow_download_times_out_with_422_and_does_not_block_other_deployments(string start)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = new RawHost(async connection =>
        {
            await connection.SendAsync(Encoding.ASCII.GetBytes(start));
            begun.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(TestContext.Current.CancellationToken);
        });
        Task<Reply> fetching = FetchAsync(host.Url);
        await begun.Task.InTimeAsync();

        Assert.Equal(200, (await Site.ZipAsync(("a", "meanwhile"))).Code);
        _clock.Advance(TimeSpan.FromMinutes(10));

        Reply reply = await fetching.InTimeAsync();
        Assert.Equal(422, reply.Code);
        Assert.Contains("No complete response within 600 s.", reply.Reason, StringComparison.Ordinal);
        Assert.Equal("meanwhile", Site.Read("a"));
    }

    [Fact]
    public async Task A_package_that_is_an_HTML_page_returns_400()
    {
        _answer = context => context.Response.WriteAsync("<!DOCTYPE html><title>Log in</title>");

        Reply reply = await FetchAsync(Host);

        Assert.Equal(400, reply.Code);
        Assert.Contains("an HTML page", reply.Reason, StringComparison.Ordinal);
        await AssertNothingAsync();
    }

    [Fact]
    public async Task A_package_URL_with_the_metadata_address_returns_400()
    {
        Reply reply = await FetchAsync("http://169.254.169.254/latest/meta-data");

        Assert.Equal(400, reply.Code);
        Assert.Contains("169.254.169.254:80 is not allowed", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_connection_to_the_package_host_returns_422()
    {
        int port;
        using (var closed = new TcpListener(IPAddress.Loopback, 0))
        {
            closed.Start();
            port = ((IPEndPoint)closed.LocalEndpoint).Port;
        }

        Reply reply = await FetchAsync($"http://127.0.0.1:{port}/");

        Assert.Equal(422, reply.Code);
        Assert.Contains("The file cannot be fetched from 127.0.0.1. The connection was refused.", reply.Reason, StringComparison.Ordinal);
    }

    private async Task AssertNothingAsync()
    {
        Assert.Equal("[]", (await Server.GetAsync($"{Site.Api}/deployments")).Text);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Server.DataFolder, "uploads")));
    }

    private Task<Reply> FetchAsync(string url, string method = "POST", string path = "publish?type=zip") =>
        Server.SendAsync(new HttpMethod(method), $"{Site.Api}/{path}", new JsonObject { ["packageUri"] = url }.ToJsonString());

    private async Task AnswerAsync(params IEnumerable<(string Name, string Text)> files)
    {
        byte[] zip = await Zips.Of(files).ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        _answer = context => context.Response.Body.WriteAsync(zip).AsTask();
    }

    /// <summary>The request that the package host received.</summary>
    private sealed record Asked(string Line, string Encoding, string Authorization);

    /// <summary>A server that reads the head of a request and then hands the connection to the test.</summary>
    private sealed class RawHost : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public RawHost(Func<Socket, Task> answer)
        {
            _listener.Start();
            _ = ServeAsync(answer);
        }

        public string Url => $"http://{_listener.LocalEndpoint}";

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync(Func<Socket, Task> answer)
        {
            try
            {
                // A client may retry if it received no response.
                while (true)
                {
                    _ = AnswerAsync(await _listener.AcceptSocketAsync(), answer);
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The test has ended.
            }
        }

        private static async Task AnswerAsync(Socket connection, Func<Socket, Task> answer)
        {
            using (connection)
            {
                var head = new StringBuilder();
                byte[] buffer = new byte[4096];
                int read;
                while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && (read = await connection.ReceiveAsync(buffer)) > 0)
                {
                    head.Append(Encoding.ASCII.GetString(buffer, 0, read));
                }

                try
                {
                    await answer(connection);
                }
                catch (SocketException)
                {
                    // The client closed the connection.
                }
            }
        }
    }
}
