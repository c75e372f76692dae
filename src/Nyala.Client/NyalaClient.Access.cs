using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    // Tokens and the audit log belong to the server, not to a site.
    private NyalaClient Root => ForSite(null);

    /// <summary>Creates a token. Only this response contains it. Needs the scope <c>admin</c>.</summary>
    public Task<Token> CreateTokenAsync(TokenRequest token, CancellationToken cancellationToken = default) =>
        Root.ReadAsync(HttpMethod.Post, "tokens", Json(token, NyalaJson.Wire.TokenRequest), NyalaJson.Wire.Token, cancellationToken);

    /// <summary>Lists the tokens and when each was last used. Needs the scope <c>admin</c>.</summary>
    public Task<IReadOnlyList<Token>> ListTokensAsync(CancellationToken cancellationToken = default) =>
        Root.ReadAsync(HttpMethod.Get, "tokens", null, NyalaJson.Wire.IReadOnlyListToken, cancellationToken);

    /// <summary>Revokes a token. Takes effect before this returns. Needs the scope <c>admin</c>.</summary>
    public async Task RevokeTokenAsync(string id, CancellationToken cancellationToken = default) =>
        (await Root.SendAsync(HttpMethod.Delete, $"tokens/{Uri.EscapeDataString(id)}", null, cancellationToken).ConfigureAwait(false)).Dispose();

    /// <summary>Lists changes and who made them, newest first. Pages are read as they are needed. Needs the scope <c>admin</c>.</summary>
    /// <param name="action">Only this action, such as <c>hook.created</c>.</param>
    /// <param name="target">Only changes to the object with this id.</param>
    /// <param name="limit">The maximum number of entries to return; null for all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public IAsyncEnumerable<AuditEntry> ListAuditAsync(string? action = null, string? target = null, int? limit = null, CancellationToken cancellationToken = default) =>
        Root.PagesAsync($"audit?{Query(("action", action), ("target", target))}", limit, NyalaJson.Wire.IReadOnlyListAuditEntry, cancellationToken);
}
