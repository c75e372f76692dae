using System.CommandLine;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Tokens;

/// <summary><c>nyala tokens list</c>.</summary>
internal static class TokensList
{
    private static readonly ListView<IReadOnlyList<Token>, Token> View = new(
        NyalaJson.Wire.IReadOnlyListToken,
        ["ID", "NAME", "SCOPES", "SITE", "CREATED", "EXPIRES", "LAST USED"],
        token =>
        [
            token.Id,
            token.Name,
            string.Join(',', token.Scopes),
            token.Site ?? "(all)",
            Display.Time(token.Created),
            token.Expires is null ? "never" : Display.Time(token.Expires),
            token.LastUsed is null ? "never" : Display.Time(token.LastUsed),
        ],
        "no tokens except the admin token. Create one with \"nyala tokens create NAME --scope deploy\".");

    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("list", "List tokens and when each was last used.");
        return View.AddTo(command, environment, (_, client, cancellationToken) => client.ListTokensAsync(cancellationToken), withSite: false);
    }
}
