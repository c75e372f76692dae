using System.CommandLine;
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
        var command = new Command("list", "Lists deployments, newest first: each run of each.");
        Option<int?> limit = LimitOption.AddTo(command);
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                IReadOnlyList<Deployment> deployments = await client.ListDeploymentsAsync(parsed.GetValue(limit), everyRun: true, cancellationToken: cancellationToken);
                if (deployments.Count == 0)
                {
                    await connection.RequireSiteAsync(parsed, surroundings, client, cancellationToken);
                }

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
}
