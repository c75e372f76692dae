using System.CommandLine;
using Nyala.Cli.Output;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments list</c>.</summary>
internal static class DeploymentsList
{
    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("list", "List deployments, newest first. Each run of a deployment is one row.");
        Option<int> limit = LimitOption.AddTo(command);
        return DeploymentView.List.AddTo(
            command,
            environment,
            (parsed, client, cancellationToken) => client.ListDeploymentsAsync(parsed.GetValue(limit), everyRun: true, cancellationToken: cancellationToken));
    }
}
