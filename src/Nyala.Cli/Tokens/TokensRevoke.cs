using System.CommandLine;
using Nyala.Cli.Connection;

namespace Nyala.Cli.Tokens;

/// <summary><c>nyala tokens revoke</c>.</summary>
internal static class TokensRevoke
{
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = "The token's id as \"nyala tokens list\" shows it, at least four characters of its beginning or end, its name, or latest; not the token itself." };
        var command = new Command("revoke", "Revokes a token. It opens nothing any more at once.") { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                await client.RevokeTokenAsync(await WhichToken.IdAsync(client, parsed.GetRequiredValue(id), cancellationToken), cancellationToken);
                surroundings.Error.WriteLine("nyala: revoked.");
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}
