using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments list</c>.</summary>
internal static class DeploymentsList
{
    public static Command Create(Surroundings surroundings)
    {
        var limit = new Option<int?>("--limit")
        {
            Description = "How many at most. Default: the server's 100.",
            HelpName = "number",
            CustomParser = Limit,
        };
        var command = new Command("list", "Lists deployments, newest first.") { limit };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                IReadOnlyList<Deployment> deployments = await client.ListDeploymentsAsync(parsed.GetValue(limit), cancellationToken: cancellationToken);
                if (json.TryPrint(parsed, surroundings, deployments, NyalaJson.Wire.IReadOnlyListDeployment))
                {
                    return ExitCode.Done;
                }

                if (deployments.Count == 0)
                {
                    surroundings.Error.WriteLine("nyala: no deployments yet. Report one with \"nyala run -- COMMAND\".");
                    return ExitCode.Done;
                }

                Tables.Print(surroundings, DeploymentView.Columns, deployments.Select(DeploymentView.Row));
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    private static int? Limit(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit > 0)
        {
            return limit;
        }

        result.AddError("--limit must be a whole number, 1 or more.");
        return null;
    }
}
