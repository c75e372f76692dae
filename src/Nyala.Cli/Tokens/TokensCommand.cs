using System.CommandLine;

namespace Nyala.Cli.Tokens;

/// <summary><c>nyala tokens</c>: who gets in, and what for.</summary>
internal static class TokensCommand
{
    public static Command Create(Surroundings surroundings) => new("tokens", "Create, list and revoke access tokens. Requires the admin token.")
    {
        TokensCreate.Create(surroundings),
        TokensList.Create(surroundings),
        TokensRevoke.Create(surroundings),
    };
}
