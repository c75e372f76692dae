using System.CommandLine;
using Nyala.Client;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments show</c>.</summary>
internal static class DeploymentsShow
{
    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string>("id") { Description = DeploymentLookup.Description };
        var command = new Command("show", "Show a deployment.") { id };
        Option<int?> run = RunOption.AddTo(command);
        return DeploymentView.Detail.AddTo(command, environment, async (parsed, client, cancellationToken) =>
        {
            (NyalaClient at, string which) = await DeploymentLookup.FindAsync(client, parsed.GetRequiredValue(id), cancellationToken);
            return await at.GetDeploymentAsync(which, parsed.GetValue(run), cancellationToken);
        });
    }
}
