using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    /// <summary>Subscribes a hook. If a hook with this URL and event exists, applies the request to it. Returns the hook with its signing secret.</summary>
    public Task<Hook> AddHookAsync(HookRequest hook, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Post, "hooks", Json(hook, NyalaJson.Wire.HookRequest), NyalaJson.Wire.Hook, cancellationToken);

    /// <summary>Lists the hooks of this client's site, or of the root and every site.</summary>
    /// <param name="state"><c>active</c>, <c>paused</c>, <c>disabled</c>, <c>gone</c> or <c>all</c>; null for all that are not gone.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<IReadOnlyList<Hook>> ListHooksAsync(string? state = null, CancellationToken cancellationToken = default) => ReadAsync(
        HttpMethod.Get, state is null ? "hooks" : $"hooks?state={Uri.EscapeDataString(state)}", null, NyalaJson.Wire.IReadOnlyListHook, cancellationToken);

    /// <summary>Reads one hook.</summary>
    public Task<Hook> GetHookAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Get, HookPath(id), null, NyalaJson.Wire.Hook, cancellationToken);

    /// <summary>Changes a hook. If the server refuses any field, nothing changes.</summary>
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

    /// <summary>Pauses a hook: its deliveries wait.</summary>
    public Task<Hook> PauseHookAsync(string id, CancellationToken cancellationToken = default) => AskAsync(id, "pause", cancellationToken);

    /// <summary>Resumes a paused hook: waiting deliveries are sent.</summary>
    public Task<Hook> ResumeHookAsync(string id, CancellationToken cancellationToken = default) => AskAsync(id, "resume", cancellationToken);

    /// <summary>Re-enables a hook that was disabled after repeated failures: waiting deliveries are sent.</summary>
    public Task<Hook> EnableHookAsync(string id, CancellationToken cancellationToken = default) => AskAsync(id, "enable", cancellationToken);

    /// <summary>Restores a hook that is gone because its receiver responded with 410. Possible for 30 days.</summary>
    public Task<Hook> RestoreHookAsync(string id, CancellationToken cancellationToken = default) => AskAsync(id, "restore", cancellationToken);

    /// <summary>
    /// Rotates the signing secret of a hook. The returned hook contains the new secret. For a while, requests are signed with the old secret too; after several
    /// rotations, only with the newest old one.
    /// </summary>
    public Task<Hook> RotateSecretAsync(string id, SecretRotation rotation, CancellationToken cancellationToken = default) => ReadAsync(
        HttpMethod.Post, HookPath(id) + "/rotate-secret", Json(rotation, NyalaJson.Wire.SecretRotation), NyalaJson.Wire.Hook, cancellationToken);

    /// <summary>Unsubscribes a hook. It is not an error if the hook does not exist.</summary>
    /// <returns>False if the hook did not exist.</returns>
    public Task<bool> RemoveHookAsync(string id, CancellationToken cancellationToken = default) => RemoveAsync(HookPath(id), cancellationToken);

    /// <summary>Unsubscribes the hook with this callback URL. It is not an error if there is no such hook.</summary>
    /// <returns>False if there was no such hook.</returns>
    public Task<bool> RemoveHookByUrlAsync(string url, CancellationToken cancellationToken = default) =>
        RemoveAsync($"hooks?url={Uri.EscapeDataString(url)}", cancellationToken);

    /// <summary>
    /// Sends a <see cref="EventTypes.Ping"/> to a hook now, even if it is held, paused or disabled. Returns the delivery with its only attempt.
    /// </summary>
    public Task<Delivery> PingHookAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Post, HookPath(id) + "/ping", null, NyalaJson.Wire.Delivery, cancellationToken);

    /// <summary>Shows the request that a hook would send. Nothing is stored or sent.</summary>
    /// <param name="hook">The hook, as for a subscription.</param>
    /// <param name="eventId">The event to show; null for the newest that the hook would have received, or else a sample.</param>
    /// <param name="sample"><c>success</c>, <c>failed</c>, <c>broke</c>, <c>fixed</c>, <c>still_failing</c> or <c>started</c>; null for an event.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<HookPreview> PreviewHookAsync(HookRequest hook, string? eventId = null, string? sample = null, CancellationToken cancellationToken = default) => ReadAsync(
        HttpMethod.Post,
        "hooks/preview" + (eventId is not null ? $"?event={Uri.EscapeDataString(eventId)}" : sample is not null ? $"?sample={Uri.EscapeDataString(sample)}" : ""),
        Json(hook, NyalaJson.Wire.HookRequest),
        NyalaJson.Wire.HookPreview,
        cancellationToken);

    private async Task<bool> RemoveAsync(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Delete, path, null, cancellationToken).ConfigureAwait(false);
        return !(response.Headers.TryGetValues("Nyala-Removed", out IEnumerable<string>? removed) && removed.First() == "0");
    }

    private static string HookPath(string id) => $"hooks/{Uri.EscapeDataString(id)}";

    private Task<Hook> AskAsync(string id, string verb, CancellationToken cancellationToken) =>
        ReadAsync(HttpMethod.Post, $"{HookPath(id)}/{verb}", null, NyalaJson.Wire.Hook, cancellationToken);
}
