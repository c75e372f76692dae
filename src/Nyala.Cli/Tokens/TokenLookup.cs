using Nyala.Cli.Connection;
using Nyala.Client;

namespace Nyala.Cli.Tokens;

/// <summary>Which token is meant: by its id or a part of it, by its name, or the newest.</summary>
internal static class TokenLookup
{
    private static readonly IdLookup<Token> Tokens = new("token", token => token.Id, token => [token.Name], token => $"{token.Id} ({token.Name})");

    /// <summary>Finds its id; a text that fits none is given back as it is.</summary>
    public static Task<string> IdAsync(NyalaClient client, string text, CancellationToken cancellationToken) => Tokens.IdAsync(
        text, read: null, async () => [.. (await client.ListTokensAsync(cancellationToken)).OrderByDescending(token => token.Created)]);
}
