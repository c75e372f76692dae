using System.CommandLine;
using Nyala.Cli.Connection;

namespace Nyala.Cli.Tokens;

/// <summary><c>nyala tokens revoke</c>.</summary>
internal static class TokensRevoke
{
    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string>("id") { Description = "The token's ID as shown by \"nyala tokens list\", its first or last four or more characters, its name, or latest. Not the token itself." };
        var command = new Command("revoke", "Revoke a token. Takes effect immediately.") { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                await client.RevokeTokenAsync(await TokenLookup.IdAsync(client, parsed.GetRequiredValue(id), cancellationToken), cancellationToken);
                environment.Error.WriteLine("nyala: revoked.");
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}
