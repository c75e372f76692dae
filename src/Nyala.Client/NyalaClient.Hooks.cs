using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    /// <summary>Subscribes a hook, or finds the one that has this url and event already. The answer carries the signing secret.</summary>
    public Task<Hook> AddHookAsync(HookRequest hook, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Post, "hooks", Json(hook, NyalaJson.Wire.HookRequest), NyalaJson.Wire.Hook, cancellationToken);

    /// <summary>Lists the hooks: at a site its own, at the root those of every site too.</summary>
    /// <param name="state"><c>active</c>, <c>paused</c>, <c>disabled</c>, <c>gone</c> or <c>all</c>; null lists all that are not gone.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<IReadOnlyList<Hook>> ListHooksAsync(string? state = null, CancellationToken cancellationToken = default) => ReadAsync(
        HttpMethod.Get, state is null ? "hooks" : $"hooks?state={Uri.EscapeDataString(state)}", null, NyalaJson.Wire.IReadOnlyListHook, cancellationToken);

    /// <summary>Reads one hook.</summary>
    public Task<Hook> GetHookAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Get, HookPath(id), null, NyalaJson.Wire.Hook, cancellationToken);

    /// <summary>Changes what a hook was subscribed with: all of it or, where the server refuses any, nothing.</summary>
    public Task<Hook> ChangeHookAsync(string id, HookChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        JsonObject fields = JsonSerializer.SerializeToNode(change, NyalaJson.Wire.HookChange)!.AsObject();
        foreach (string name in change.Reset)
        {
            fields[name] = null;
        }

        var content = new StringContent(fields.ToJsonString(), Encoding.UTF8, "application/json");
        return ReadAsync(HttpMethod.Patch, HookPath(id), content, NyalaJson.Wire.Hook, cancellationToken);
    }

    /// <summary>Pauses a hook: its events are kept, none is sent.</summary>
    public Task<Hook> PauseHookAsync(string id, CancellationToken cancellationToken = default) => AskAsync(id, "pause", cancellationToken);

    /// <summary>Resumes a paused hook: what came meanwhile goes out.</summary>
    public Task<Hook> ResumeHookAsync(string id, CancellationToken cancellationToken = default) => AskAsync(id, "resume", cancellationToken);

    /// <summary>Enables a hook that was disabled since nothing but failures came of it: its kept events go out.</summary>
    public Task<Hook> EnableHookAsync(string id, CancellationToken cancellationToken = default) => AskAsync(id, "enable", cancellationToken);

    /// <summary>Restores a hook whose receiver asked to be removed, within 30 days.</summary>
    public Task<Hook> RestoreHookAsync(string id, CancellationToken cancellationToken = default) => AskAsync(id, "restore", cancellationToken);

    /// <summary>
    /// Replaces a hook's signing secret; the answer carries the new one. The one before signs too for a while. Of several that were
    /// replaced, the newest alone does.
    /// </summary>
    public Task<Hook> RotateSecretAsync(string id, SecretRotation rotation, CancellationToken cancellationToken = default) => ReadAsync(
        HttpMethod.Post, HookPath(id) + "/rotate-secret", Json(rotation, NyalaJson.Wire.SecretRotation), NyalaJson.Wire.Hook, cancellationToken);

    /// <summary>Unsubscribes a hook. To remove one that is not there is no error.</summary>
    /// <returns>False if there was none.</returns>
    public Task<bool> RemoveHookAsync(string id, CancellationToken cancellationToken = default) => RemoveAsync(HookPath(id), cancellationToken);

    /// <summary>Unsubscribes the hook with this callback URL. To remove one that is not there is no error.</summary>
    /// <returns>False if there was none.</returns>
    public Task<bool> RemoveHookByUrlAsync(string url, CancellationToken cancellationToken = default) =>
        RemoveAsync($"hooks?url={Uri.EscapeDataString(url)}", cancellationToken);

    /// <summary>
    /// Calls one hook now with a <see cref="EventTypes.Ping"/>, also if it is held back, paused or disabled. The answer is the delivery
    /// with its only attempt.
    /// </summary>
    public Task<Delivery> PingHookAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Post, HookPath(id) + "/ping", null, NyalaJson.Wire.Delivery, cancellationToken);

    /// <summary>Publishes an event of any type. Once this returns, the event is durable.</summary>
    /// <param name="type">The event's type; matched to hooks without regard to case.</param>
    /// <param name="body">JSON, sent on byte for byte; at most 1 MiB.</param>
    /// <param name="wait">True to return only when every first attempt has ended, at most 10 seconds.</param>
    /// <param name="idempotencyKey">
    /// A name for the event, 1 to 255 visible ASCII characters: repeated within 24 hours at the same site, it is accepted once. Null for none.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for the answer; the event may have been accepted.</param>
    public async Task<PublishedEvent> PublishAsync(
        string type, ReadOnlyMemory<byte> body, bool wait = true, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Post, $"hooks/publish/{Uri.EscapeDataString(type)}", content, cancellationToken, respondAsync: !wait, idempotencyKey).ConfigureAwait(false);
        return new PublishedEvent
        {
            Id = response.Headers.TryGetValues("Nyala-Event-Id", out IEnumerable<string>? ids) ? ids.First() : "",
            Replayed = response.Headers.Contains("Idempotency-Replayed"),
        };
    }

    private async Task<bool> RemoveAsync(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Delete, path, null, cancellationToken).ConfigureAwait(false);
        return !(response.Headers.TryGetValues("Nyala-Removed", out IEnumerable<string>? removed) && removed.First() == "0");
    }

    private static string HookPath(string id) => $"hooks/{Uri.EscapeDataString(id)}";

    private Task<Hook> AskAsync(string id, string verb, CancellationToken cancellationToken) =>
        ReadAsync(HttpMethod.Post, $"{HookPath(id)}/{verb}", null, NyalaJson.Wire.Hook, cancellationToken);
}
