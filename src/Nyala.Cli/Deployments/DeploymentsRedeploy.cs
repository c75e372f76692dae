using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Deploy;
using Nyala.Client;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments redeploy</c>.</summary>
internal static class DeploymentsRedeploy
{
    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string?>("id")
        {
            Description = "The deployment's ID, its first four or more characters, or latest. Default: the head of the site's branch, or the last successful deployment if nothing was pushed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("redeploy", "Deploy an earlier commit or zip again, and follow the log.") { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        DeploymentFollower following = DeploymentFollower.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                if (parsed.GetValue(id) is not { } given)
                {
                    return await following.RunAsync(parsed, environment, client, await client.RedeployAsync(cancellationToken), cancellationToken);
                }

                (NyalaClient at, string which) = await DeploymentLookup.FindAsync(client, given, cancellationToken);
                return await following.RunAsync(parsed, environment, at, await at.RedeployAsync(which, cancellationToken), cancellationToken);
            },
            cancellationToken));
        return command;
    }
}
