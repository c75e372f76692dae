using Nyala.Cli.Connection;
using Nyala.Client;

namespace Nyala.Cli.Tokens;

/// <summary>Finds a token by its ID or part of it, by its name, or as the newest.</summary>
internal static class TokenLookup
{
    private static readonly IdLookup<Token> Tokens = new("token", token => token.Id, token => [token.Name], token => $"{token.Id} ({token.Name})");

    /// <summary>Returns the ID of the matching token, or the text itself if nothing matches.</summary>
    public static Task<string> IdAsync(NyalaClient client, string text, CancellationToken cancellationToken) => Tokens.IdAsync(
        text, read: null, async () => [.. (await client.ListTokensAsync(cancellationToken)).OrderByDescending(token => token.Created)]);
}
