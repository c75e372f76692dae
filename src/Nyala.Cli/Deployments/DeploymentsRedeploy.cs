using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Deploy;
using Nyala.Client;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments redeploy</c>.</summary>
internal static class DeploymentsRedeploy
{
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string?>("id")
        {
            Description = "The deployment's ID, its first four or more characters, or latest. Default: the head of the site's branch, or the last deployment if nothing was pushed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("redeploy", "Deploy again what was pushed or deployed before, and follow the log.") { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        Following following = Following.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                if (parsed.GetValue(id) is not { } given)
                {
                    return await following.RunAsync(parsed, surroundings, client, await client.RedeployAsync(cancellationToken), cancellationToken);
                }

                (NyalaClient at, string which) = await WhichDeployment.FindAsync(client, given, cancellationToken);
                return await following.RunAsync(parsed, surroundings, at, await at.RedeployAsync(which, cancellationToken), cancellationToken);
            },
            cancellationToken));
        return command;
    }
}
