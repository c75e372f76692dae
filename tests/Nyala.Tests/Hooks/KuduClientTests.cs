using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary>The requests that Kudu's own .NET client, RemoteWebHooksManager, makes for hooks.</summary>
public sealed class KuduClientTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Kudus_client_can_subscribe_list_publish_and_unsubscribe_with_chunked_bodies()
    {
        string hooks = $"sites/{Some.Site()}/api/hooks/";
        using var handler = new SocketsHttpHandler { Credentials = new NetworkCredential("$site", TestServer.Token), UseProxy = false };
        using var client = new HttpClient(handler) { BaseAddress = _server.Address };
        string url = Some.Url();
        string body = $$"""
            {"id":null,"event":"PostDeployment","url":"{{url}}","insecure_ssl":false,
             "last_status":null,"last_reason":null,"last_datetime":"0001-01-01T00:00:00","last_context":null}
            """;

        Reply subscribed = await PostAsync(client, hooks, body);
        Reply list = await Reply.ReadAsync(await client.GetAsync(hooks, TestContext.Current.CancellationToken));
        Reply published = await PostAsync(client, hooks + "publish/PostDeployment", "{}");
        Reply removed = await Reply.ReadAsync(await client.DeleteAsync(hooks + subscribed["id"], TestContext.Current.CancellationToken));

        Assert.Equal((201, url), (subscribed.Code, subscribed["url"]));
        Assert.Equal(subscribed["id"], list.Json[0].GetProperty("id").GetString());
        Assert.Equal((200, 200), (published.Code, removed.Code));
        Assert.Equal("[]", (await _server.GetAsync(hooks)).Text);
    }

    private static async Task<Reply> PostAsync(HttpClient client, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new PushedContent(body) };
        request.Headers.TransferEncodingChunked = true;
        Reply reply = await Reply.ReadAsync(await client.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Null(request.Content.Headers.ContentLength);
        return reply;
    }

    /// <summary>Content whose length is not known before it is written, as Kudu's formatter makes it.</summary>
    private sealed class PushedContent : HttpContent
    {
        private readonly byte[] _body;

        public PushedContent(string body)
        {
            _body = Encoding.UTF8.GetBytes(body);
            Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(_body).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
