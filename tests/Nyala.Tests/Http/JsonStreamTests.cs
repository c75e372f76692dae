using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Nyala.Server.Http;
using Nyala.Tests.Support;

namespace Nyala.Tests.Http;

/// <summary>JSON lists that a real web server sends while it still reads their entries.</summary>
public sealed class JsonStreamTests : IAsyncLifetime
{
    /// <summary>An entry that is larger than what the server buffers before it sends.</summary>
    private static readonly string Large = new('x', 100_000);

    private readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _http = new();
    private WebApplication? _server;
    private IAsyncEnumerable<string> _entries = AsyncEnumerable.Empty<string>();

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(context => new JsonStream<string>(_entries, (JsonTypeInfo<string>)JsonSerializerOptions.Default.GetTypeInfo(typeof(string))).ExecuteAsync(context));
        await _server.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _rest.TrySetResult();
        _http.Dispose();
        await _server!.DisposeAsync();
    }

    [Fact]
    public async Task The_beginning_of_a_list_is_sent_before_its_end_is_read()
    {
        _entries = LargeThen(async () =>
        {
            await _rest.Task;
            return "last";
        });

        using HttpResponseMessage reply = await GetAsync();
        await using Stream body = await reply.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        byte[] beginning = new byte[64 * 1024];
        await body.ReadExactlyAsync(beginning, TestContext.Current.CancellationToken).AsTask().InTimeAsync();
        _rest.SetResult();
        using var whole = new MemoryStream();
        whole.Write(beginning);
        await body.CopyToAsync(whole, TestContext.Current.CancellationToken).InTimeAsync();

        Assert.Equal([Large, "last"], JsonSerializer.Deserialize<string[]>(whole.ToArray())!);
    }

    [Fact]
    public async Task A_list_whose_first_entry_cannot_be_read_returns_500()
    {
        _entries = Failing();

        using HttpResponseMessage reply = await GetAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, reply.StatusCode);
    }

    [Fact]
    public async Task A_list_that_fails_in_the_middle_aborts_the_response()
    {
        _entries = LargeThen(() => throw new IOException("The disk is gone."));

        using HttpResponseMessage reply = await GetAsync();

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => reply.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken).InTimeAsync());
    }

    private Task<HttpResponseMessage> GetAsync() =>
        _http.GetAsync(_server!.Urls.First(), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).InTimeAsync();

    private static async IAsyncEnumerable<string> LargeThen(Func<Task<string>> next)
    {
        yield return Large;
        yield return await next();
    }

    private static async IAsyncEnumerable<string> Failing()
    {
        await Task.CompletedTask;
        throw new IOException("The disk is gone.");
#pragma warning disable CS0162 // Makes it an iterator.
        yield break;
#pragma warning restore CS0162
    }
}
