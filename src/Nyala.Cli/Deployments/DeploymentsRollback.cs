using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Deploy;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments rollback</c>.</summary>
internal static class DeploymentsRollback
{
    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("rollback", "Deploy the site's previous release again, and follow the log.");
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        DeploymentFollower following = DeploymentFollower.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client => await following.RunAsync(parsed, environment, client, await client.RollbackAsync(cancellationToken), cancellationToken),
            cancellationToken));
        return command;
    }
}
