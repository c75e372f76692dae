using System.CommandLine;
using System.CommandLine.Parsing;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Tokens;

/// <summary><c>nyala tokens create</c>: creates a token and prints only the token to standard output. It is shown only once.</summary>
internal static class TokensCreate
{
    private static readonly string[] Scopes = ["read", "deploy", "hooks", "admin"];

    public static Command Create(CommandEnvironment environment)
    {
        var name = new Argument<string>("name") { Description = "A name for the token, such as the system that uses it." };
        Option<string[]> scopes = new Option<string[]>("--scope")
        {
            Description = "What the token can do. Repeat for more. deploy: deploy, report deployments and publish events. hooks: manage hooks and publish events. "
                + "read: read only; the other scopes include it. admin: everything.",
            Required = true,
        }.AcceptOnlyFromAmong(Scopes);
        var site = new Option<string?>("--site") { Description = "Limit the token to this site. Default: all sites.", HelpName = "name" };
        var expires = new Option<TimeSpan?>("--expires")
        {
            Description = "How long the token is valid, for example 12h or 90d. Default: it never expires.",
            HelpName = "time",
            CustomParser = Duration,
        };
        var command = new Command("create", "Create a token and print it. It is shown only once.") { name, scopes, site, expires };
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                var request = new TokenRequest
                {
                    Name = parsed.GetRequiredValue(name),
                    Scopes = parsed.GetRequiredValue(scopes),
                    Site = parsed.GetValue(site),
                    Expires = parsed.GetValue(expires) is { } life ? environment.Clock.GetUtcNow() + life : null,
                };
                Client.Token token = await client.CreateTokenAsync(request, cancellationToken);
                if (!json.TryPrint(parsed, environment, token, NyalaJson.Wire.Token))
                {
                    environment.Out.WriteLine(token.Value);
                    environment.Error.WriteLine($"nyala: save the token now, it is not shown again. Its ID is {token.Id}.");
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

        result.AddError("--expires must be a duration such as 12h or 90d.");
        return null;
    }
}
