using System.CommandLine;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments</c>: what was deployed, and how it ended.</summary>
internal static class DeploymentsCommand
{
    public static Command Create(Surroundings surroundings) => new("deployments", "List, inspect, redeploy, cancel and roll back deployments, and read their logs.")
    {
        DeploymentsList.Create(surroundings),
        DeploymentsRuns.Create(surroundings),
        DeploymentsShow.Create(surroundings),
        DeploymentsLog.Create(surroundings),
        DeploymentsRedeploy.Create(surroundings),
        DeploymentsRollback.Create(surroundings),
        DeploymentsCancel.Create(surroundings),
        DeploymentsRemove.Create(surroundings),
    };
}
