using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments remove</c>.</summary>
internal static class DeploymentsRemove
{
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = WhichDeployment.Description };
        var command = new Command("remove", "Delete a deployment and its log from the history. The active deployment cannot be removed.") { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                (NyalaClient at, string which) = await WhichDeployment.FindAsync(client, parsed.GetRequiredValue(id), cancellationToken);
                await at.RemoveDeploymentAsync(which, cancellationToken);
                surroundings.Error.WriteLine(Text.OneLine($"nyala: removed {which}."));
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}
