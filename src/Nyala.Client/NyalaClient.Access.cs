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

    /// <summary>Lists changes and who made them, newest first. Needs the scope <c>admin</c>.</summary>
    /// <param name="limit">How many at most, up to 1000; the server's 100 where null.</param>
    /// <param name="before">Only what is older than the entry with this id: the last one of the page before.</param>
    /// <param name="action">Only this action, such as <c>hook.created</c>.</param>
    /// <param name="target">Only what was done to this id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<IReadOnlyList<AuditEntry>> ListAuditAsync(
        int? limit = null, string? before = null, string? action = null, string? target = null, CancellationToken cancellationToken = default)
    {
        (string Name, string? Value)[] fields = [("limit", limit?.ToString(null as IFormatProvider)), ("before", before), ("action", action), ("target", target)];
        string query = string.Join('&', fields.Where(field => field.Value is not null).Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value!)}"));
        return Root.ReadAsync(HttpMethod.Get, "audit?" + query, null, NyalaJson.Wire.IReadOnlyListAuditEntry, cancellationToken);
    }
}
