using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    // Tokens and the audit log are the server's, wherever this client looks from.
    private NyalaClient Root => ForSite(null);

    /// <summary>Creates a token. The answer carries it, this once. Needs the scope <c>admin</c>.</summary>
    public Task<Token> CreateTokenAsync(TokenRequest token, CancellationToken cancellationToken = default) =>
        Root.ReadAsync(HttpMethod.Post, "tokens", Json(token, NyalaJson.Wire.TokenRequest), NyalaJson.Wire.Token, cancellationToken);

    /// <summary>Lists the tokens and when each was last used. Needs the scope <c>admin</c>.</summary>
    public Task<IReadOnlyList<Token>> ListTokensAsync(CancellationToken cancellationToken = default) =>
        Root.ReadAsync(HttpMethod.Get, "tokens", null, NyalaJson.Wire.IReadOnlyListToken, cancellationToken);

    /// <summary>Revokes a token, which opens nothing any more once this returns. Needs the scope <c>admin</c>.</summary>
    public async Task RevokeTokenAsync(string id, CancellationToken cancellationToken = default) =>
        (await Root.SendAsync(HttpMethod.Delete, $"tokens/{Uri.EscapeDataString(id)}", null, cancellationToken).ConfigureAwait(false)).Dispose();

    /// <summary>Lists changes and who made them, newest first, reading one page after the other as they are asked for. Needs the scope <c>admin</c>.</summary>
    /// <param name="action">Only this action, such as <c>hook.created</c>.</param>
    /// <param name="target">Only what was done to this id.</param>
    /// <param name="limit">How many at most; all there are where null.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public IAsyncEnumerable<AuditEntry> ListAuditAsync(string? action = null, string? target = null, int? limit = null, CancellationToken cancellationToken = default) =>
        Root.PagesAsync($"audit?{Query(("action", action), ("target", target))}", limit, NyalaJson.Wire.IReadOnlyListAuditEntry, cancellationToken);
}
