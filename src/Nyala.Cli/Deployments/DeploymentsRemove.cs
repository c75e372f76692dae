using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments remove</c>.</summary>
internal static class DeploymentsRemove
{
    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string>("id") { Description = DeploymentLookup.Description };
        var command = new Command("remove", "Delete a deployment and its log from the history. The active deployment cannot be removed.") { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                (NyalaClient at, string which) = await DeploymentLookup.FindAsync(client, parsed.GetRequiredValue(id), cancellationToken);
                await at.RemoveDeploymentAsync(which, cancellationToken);
                environment.Error.WriteLine(TerminalText.OneLine($"nyala: removed {which}."));
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}
