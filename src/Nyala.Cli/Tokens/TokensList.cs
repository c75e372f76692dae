using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Tokens;

/// <summary><c>nyala tokens list</c>.</summary>
internal static class TokensList
{
    private static readonly IReadOnlyList<string> Columns = ["ID", "NAME", "SCOPES", "SITE", "CREATED", "EXPIRES", "LAST USED"];

    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("list", "Lists the tokens and when each was last used.");
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                IReadOnlyList<Token> tokens = await client.ListTokensAsync(cancellationToken);
                if (json.TryPrint(parsed, surroundings, tokens, NyalaJson.Wire.IReadOnlyListToken))
                {
                    return ExitCode.Done;
                }

                if (tokens.Count == 0)
                {
                    surroundings.Error.WriteLine("nyala: no tokens but the admin's. Create one with \"nyala tokens create NAME --scope deploy\".");
                    return ExitCode.Done;
                }

                Tables.Print(surroundings, Columns, tokens.Select(Row));
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    private static string[] Row(Token token) =>
    [
        token.Id,
        token.Name,
        string.Join(',', token.Scopes),
        token.Site ?? "(every)",
        Text.Time(token.Created),
        token.Expires is null ? "never" : Text.Time(token.Expires),
        token.LastUsed is null ? "never" : Text.Time(token.LastUsed),
    ];
}
