using System.CommandLine;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments runs</c>.</summary>
internal static class DeploymentsRuns
{
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = WhichDeployment.Description };
        var command = new Command("runs", "List the runs of a deployment, newest first.") { id };
        Option<int> limit = LimitOption.AddTo(command);
        return DeploymentView.List.AddTo(command, surroundings, async (parsed, client, cancellationToken) =>
        {
            (NyalaClient at, string which) = await WhichDeployment.FindAsync(client, parsed.GetRequiredValue(id), cancellationToken);
            return await at.ListRunsAsync(which, parsed.GetValue(limit), cancellationToken: cancellationToken);
        });
    }
}
