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
            Description = "The deployment's id, at least four characters of its beginning, or latest; without it the head of the site's branch is deployed, or what was deployed last where nothing was pushed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("redeploy", "Deploys once more what was pushed or deployed, and follows it.") { id };
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
