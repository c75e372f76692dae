using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    private const int MaxReconnects = 7;

    // The server sends something at least every 15 s.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Follows the log of a deployment from its beginning. The last update is the ended deployment. If the connection breaks, it is opened again and continues
    /// after the last line. If seven attempts to reconnect fail in a row, which takes more than half a minute, the error is thrown.
    /// </summary>
    /// <param name="id">The id of the deployment.</param>
    /// <param name="run">The number of the run; null for the newest.</param>
    /// <param name="cancellationToken">Stops following; the deployment continues.</param>
    public async IAsyncEnumerable<LogUpdate> FollowLogAsync(string id, int? run = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string last = "";
        int failed = 0;
        while (true)
        {
            Exception? broken = null;
            IAsyncEnumerator<SseItem<LogUpdate?>> events = EventsAsync(id, run, last, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (events.ConfigureAwait(false))
            {
                while (broken is null)
                {
                    try
                    {
                        if (!await events.MoveNextAsync().ConfigureAwait(false))
                        {
                            broken = new IOException("The server ended the log before the deployment ended");
                            break;
                        }
                    }
                    catch (Exception error) when (IsTransient(error, cancellationToken))
                    {
                        broken = error;
                        break;
                    }

                    failed = 0;
                    last = events.Current.EventId ?? last;
                    if (events.Current.Data is { } update)
                    {
                        yield return update;
                        if (update.Ended is not null)
                        {
                            yield break;
                        }
                    }
                }
            }

            if (++failed > MaxReconnects)
            {
                throw broken!;
            }

            await Task.Delay(FirstWait * (1 << (failed - 1)), TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<SseItem<LogUpdate?>> EventsAsync(string id, int? run, string last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_site}api/{Path(id)}/log/stream{Query(run)}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (last.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        }

        using HttpResponseMessage response = await SendAsync(_connection.Timed, request, cancellationToken).ConfigureAwait(false);
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var watched = new IdleTimeoutStream(body, Silence);
        await using (watched.ConfigureAwait(false))
        {
            await foreach (SseItem<LogUpdate?> item in SseParser.Create(watched, Read).EnumerateAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return item;
            }
        }
    }

    /// <summary>Parses an event. Returns null for an unknown event, because a newer server may send more.</summary>
    private static LogUpdate? Read(string type, ReadOnlySpan<byte> data) => type switch
    {
        "log" => new LogUpdate { Entry = JsonSerializer.Deserialize(data, NyalaJson.Wire.LogEntry) },
        "end" => new LogUpdate { Ended = JsonSerializer.Deserialize(data, NyalaJson.Wire.Deployment) },
        _ => null,
    };

    /// <summary>Whether another try may succeed.</summary>
    private static bool IsTransient(Exception error, CancellationToken cancellationToken) => error switch
    {
        NyalaException refused => refused.Status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => error is HttpRequestException or IOException,
    };
}
