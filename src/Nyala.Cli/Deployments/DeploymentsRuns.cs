using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments runs</c>.</summary>
internal static class DeploymentsRuns
{
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = WhichDeployment.Description };
        var command = new Command("runs", "Lists the runs of one deployment, newest first.") { id };
        Option<int?> limit = LimitOption.AddTo(command);
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                (NyalaClient at, string which) = await WhichDeployment.FindAsync(client, parsed.GetRequiredValue(id), cancellationToken);
                IReadOnlyList<Deployment> runs = await at.ListRunsAsync(which, parsed.GetValue(limit), cancellationToken: cancellationToken);
                if (!json.TryPrint(parsed, surroundings, runs, NyalaJson.Wire.IReadOnlyListDeployment))
                {
                    Tables.Print(surroundings, DeploymentView.Columns, runs.Select(DeploymentView.Row));
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}
