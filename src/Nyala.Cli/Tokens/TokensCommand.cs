using System.CommandLine;

namespace Nyala.Cli.Tokens;

/// <summary><c>nyala tokens</c>: creates, lists and revokes access tokens.</summary>
internal static class TokensCommand
{
    public static Command Create(CommandEnvironment environment) => new("tokens", "Create, list and revoke access tokens. Requires the admin token.")
    {
        TokensCreate.Create(environment),
        TokensList.Create(environment),
        TokensRevoke.Create(environment),
    };
}
