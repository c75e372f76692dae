using System.CommandLine;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments runs</c>.</summary>
internal static class DeploymentsRuns
{
    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string>("id") { Description = DeploymentLookup.Description };
        var command = new Command("runs", "List the runs of a deployment, newest first.") { id };
        Option<int> limit = LimitOption.AddTo(command);
        return DeploymentView.List.AddTo(command, environment, async (parsed, client, cancellationToken) =>
        {
            (NyalaClient at, string which) = await DeploymentLookup.FindAsync(client, parsed.GetRequiredValue(id), cancellationToken);
            return await at.ListRunsAsync(which, parsed.GetValue(limit), cancellationToken: cancellationToken);
        });
    }
}
