using System.Net.Http.Headers;
using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    /// <summary>Subscribes a hook, or finds the one that has this url and event already. The answer carries the signing secret.</summary>
    public Task<Hook> AddHookAsync(HookRequest hook, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Post, "hooks", Json(hook, NyalaJson.Wire.HookRequest), NyalaJson.Wire.Hook, cancellationToken);

    /// <summary>Lists the hooks: at a site its own, at the root those of every site too.</summary>
    public Task<IReadOnlyList<Hook>> ListHooksAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Get, "hooks", null, NyalaJson.Wire.IReadOnlyListHook, cancellationToken);

    /// <summary>Reads one hook.</summary>
    public Task<Hook> GetHookAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Get, $"hooks/{Uri.EscapeDataString(id)}", null, NyalaJson.Wire.Hook, cancellationToken);

    /// <summary>Unsubscribes a hook. To remove one that is not there is no error.</summary>
    public async Task RemoveHookAsync(string id, CancellationToken cancellationToken = default) =>
        (await SendAsync(HttpMethod.Delete, $"hooks/{Uri.EscapeDataString(id)}", null, cancellationToken).ConfigureAwait(false)).Dispose();

    /// <summary>Unsubscribes the hook with this callback URL. To remove one that is not there is no error.</summary>
    public async Task RemoveHookByUrlAsync(string url, CancellationToken cancellationToken = default) =>
        (await SendAsync(HttpMethod.Delete, $"hooks?url={Uri.EscapeDataString(url)}", null, cancellationToken).ConfigureAwait(false)).Dispose();

    /// <summary>Sends a <see cref="EventTypes.Ping"/> to one hook, waits for its first attempt and reads the hook, whose last fields tell the outcome.</summary>
    public Task<Hook> PingHookAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Post, $"hooks/{Uri.EscapeDataString(id)}/ping", null, NyalaJson.Wire.Hook, cancellationToken);

    /// <summary>Publishes an event of any type. Once this returns, the event is durable.</summary>
    /// <param name="type">The event's type; matched to hooks without regard to case.</param>
    /// <param name="body">JSON, sent on byte for byte; at most 1 MiB.</param>
    /// <param name="wait">True to return only when every first attempt has ended, at most 10 seconds.</param>
    /// <param name="cancellationToken">Ends the wait for the answer; the event may have been accepted.</param>
    public async Task PublishAsync(string type, ReadOnlyMemory<byte> body, bool wait = true, CancellationToken cancellationToken = default)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        (await SendAsync(HttpMethod.Post, $"hooks/publish/{Uri.EscapeDataString(type)}", content, cancellationToken, respondAsync: !wait)
            .ConfigureAwait(false)).Dispose();
    }
}
