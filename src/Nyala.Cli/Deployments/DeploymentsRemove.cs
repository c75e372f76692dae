using System.CommandLine;
using Nyala.Cli.Connection;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments remove</c>.</summary>
internal static class DeploymentsRemove
{
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = "The deployment's whole id: what is removed is gone." };
        var command = new Command("remove", "Removes a deployment from the record, with its log. The active one is refused.") { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                await client.RemoveDeploymentAsync(parsed.GetRequiredValue(id), cancellationToken);
                surroundings.Error.WriteLine("nyala: removed.");
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}
