using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Deploy;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments rollback</c>.</summary>
internal static class DeploymentsRollback
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("rollback", "Deploy the site's previous release again, and follow the log.");
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        Following following = Following.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client => await following.RunAsync(parsed, surroundings, client, await client.RollbackAsync(cancellationToken), cancellationToken),
            cancellationToken));
        return command;
    }
}
