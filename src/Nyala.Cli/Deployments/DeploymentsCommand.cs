using System.CommandLine;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments</c>: what was deployed, and how it ended.</summary>
internal static class DeploymentsCommand
{
    public static Command Create(Surroundings surroundings) => new("deployments", "What was deployed, how it ended, and its log.")
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
