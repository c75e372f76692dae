using System.Net.ServerSentEvents;
using System.Text.Json;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying;

/// <summary>Follows the log of a deployment, as a client does.</summary>
internal sealed class LogStream(TestServer server, string deployment)
{
    /// <summary>Returns the messages as they arrive, until the deployment ends.</summary>
    public async IAsyncEnumerable<string> LinesAsync()
    {
        await foreach ((string type, string data) in EventsAsync())
        {
            if (type == "log")
            {
                yield return JsonElement.Parse(data).GetProperty("message").GetString()!;
            }
        }
    }

    /// <summary>Returns the events as they arrive: the type and the data.</summary>
    public async IAsyncEnumerable<(string Type, string Data)> EventsAsync(string? lastId = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Signals.Limit);
        using var request = new HttpRequestMessage(HttpMethod.Get, deployment + "/log/stream");
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        using HttpResponseMessage response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Stream stream = await response.Content.ReadAsStreamAsync(limit.Token);
        await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync(limit.Token))
        {
            yield return (item.EventType, item.Data);
        }
    }
}
