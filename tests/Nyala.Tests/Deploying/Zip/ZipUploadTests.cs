using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Deploying.Zip;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Zip;

/// <summary>Uploads to a real web server whose own body limit is far below <c>Deploying:Zip:Size</c>.</summary>
public sealed class ZipUploadTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ZipOptions _limits = new() { Size = 4 * 1024 * 1024 };
    private readonly HttpClient _http = new();
    private WebApplication? _server;

    private string Upload => _folder.In("upload.zip");

    private Uri Address => new(_server!.Urls.First());

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 1024);
        builder.Services.AddRouting().AddProblemDetails();
        _server = builder.Build();
        _server.Run(async context =>
        {
            try
            {
                ProblemHttpResult? refusal = await ZipUpload.SaveAsync(context.Request, Upload, _limits, mayBeEmpty: false, context.RequestAborted);
                await (refusal?.ExecuteAsync(context) ?? Task.CompletedTask);
                _ended.TrySetResult(null);
            }
            catch (Exception error)
            {
                _ended.TrySetResult(error);
                throw;
            }
        });
        await _server.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server!.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("application/zip; charset=utf-8", "utf-8", false)]
    [InlineData("application/x-www-form-urlencoded", null, false)]
    [InlineData("nonsense", "gzip", true)]
    [InlineData(null, null, true)]
    public async Task An_upload_is_stored_unchanged_whatever_its_headers_say(string? type, string? encoding, bool chunked)
    {
        byte[] bytes = Bytes(3 * 1024 * 1024);

        using HttpResponseMessage answer = await SendAsync(bytes, type, encoding, chunked);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Upload, TestContext.Current.CancellationToken));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Upload));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_upload_above_the_size_limit_returns_413_and_names_the_setting(bool chunked)
    {
        using HttpResponseMessage answer = await SendAsync(Bytes(10 * 1024 * 1024), "application/zip", null, chunked);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("4194304 bytes, both packed and unpacked (Deploying:Zip:Size)", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.False(File.Exists(Upload));
    }

    [Fact]
    public async Task A_form_upload_returns_415_and_suggests_data_binary()
    {
        using HttpResponseMessage answer = await SendAsync(Bytes(10), "multipart/form-data; boundary=x", null, chunked: false);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("--data-binary @site.zip", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.False(File.Exists(Upload));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_empty_upload_returns_400(bool chunked)
    {
        using HttpResponseMessage answer = await SendAsync([], "application/zip", null, chunked);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("The body is empty", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.False(File.Exists(Upload));
    }

    [Fact]
    public async Task An_aborted_upload_leaves_no_file()
    {
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(Address.Host, Address.Port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: {Address.Authority}\r\nContent-Length: 1000000\r\n\r\n{new string('x', 1000)}"), TestContext.Current.CancellationToken);
        }

        Assert.NotNull(await _ended.Task.InTimeAsync());
        Assert.False(File.Exists(Upload));
    }

    private async Task<HttpResponseMessage> SendAsync(byte[] bytes, string? type, string? encoding, bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new StreamContent(new MemoryStream(bytes)) };
        if (type is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        if (encoding is not null)
        {
            request.Content.Headers.Add("Content-Encoding", encoding);
        }

        request.Content.Headers.ContentLength = chunked ? null : bytes.Length;
        request.Headers.TransferEncodingChunked = chunked ? true : null;
        return await _http.SendAsync(request, TestContext.Current.CancellationToken).InTimeAsync();
    }

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(7).NextBytes(bytes);
        return bytes;
    }
}
