using System.CommandLine;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments</c>: lists, shows and changes deployments.</summary>
internal static class DeploymentsCommand
{
    public static Command Create(CommandEnvironment environment) => new("deployments", "List, inspect, redeploy, cancel and roll back deployments, and read their logs.")
    {
        DeploymentsList.Create(environment),
        DeploymentsRuns.Create(environment),
        DeploymentsShow.Create(environment),
        DeploymentsLog.Create(environment),
        DeploymentsRedeploy.Create(environment),
        DeploymentsRollback.Create(environment),
        DeploymentsCancel.Create(environment),
        DeploymentsRemove.Create(environment),
    };
}
