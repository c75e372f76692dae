using System.CommandLine;
using System.CommandLine.Parsing;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Tokens;

/// <summary><c>nyala tokens create</c>: makes a token and prints it, this once, alone on standard output.</summary>
internal static class TokensCreate
{
    private static readonly string[] Scopes = ["read", "deploy", "hooks", "admin"];

    public static Command Create(Surroundings surroundings)
    {
        var name = new Argument<string>("name") { Description = "What to call it: who will use it." };
        Option<string[]> scopes = new Option<string[]>("--scope")
        {
            Description = "What it may do; may be given several times. deploy: report deployments, publish events. hooks: manage hooks, publish events. "
                + "read: nothing but read, which the others can too. admin: everything.",
            Required = true,
        }.AcceptOnlyFromAmong(Scopes);
        var site = new Option<string?>("--site") { Description = "The one site that it is good for. Default: every one.", HelpName = "name" };
        var expires = new Option<TimeSpan?>("--expires")
        {
            Description = "After how long it is refused, such as 12h or 90d. Default: never.",
            HelpName = "time",
            CustomParser = Duration,
        };
        var command = new Command("create", "Creates a token and prints it, this once.") { name, scopes, site, expires };
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                var request = new TokenRequest
                {
                    Name = parsed.GetRequiredValue(name),
                    Scopes = parsed.GetRequiredValue(scopes),
                    Site = parsed.GetValue(site),
                    Expires = parsed.GetValue(expires) is { } life ? surroundings.Clock.GetUtcNow() + life : null,
                };
                Client.Token token = await client.CreateTokenAsync(request, cancellationToken);
                if (!json.TryPrint(parsed, surroundings, token, NyalaJson.Wire.Token))
                {
                    surroundings.Out.WriteLine(token.Value);
                    surroundings.Error.WriteLine($"nyala: keep the token now, it is not shown again. Its id is {token.Id}.");
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    private static TimeSpan? Duration(ArgumentResult result)
    {
        if (Server.Http.Duration.TryParse(result.Tokens[0].Value, out TimeSpan time) && time > TimeSpan.Zero)
        {
            return time;
        }

        result.AddError("--expires must be a length of time such as 12h or 90d.");
        return null;
    }
}
