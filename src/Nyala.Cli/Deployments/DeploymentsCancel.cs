using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments cancel</c>.</summary>
internal static class DeploymentsCancel
{
    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string?>("id")
        {
            Description = "The deployment's ID, its first four or more characters, or latest. Default: the deployment in progress.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("cancel", "Cancel a deployment that is running or queued on the server. It ends as failed, and the current release stays live.") { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                (NyalaClient at, string which) = await (parsed.GetValue(id) is { } given
                    ? DeploymentLookup.FindAsync(client, given, cancellationToken)
                    : FindAsync(client, cancellationToken));
                Deployment ended = await at.CancelDeploymentAsync(which, cancellationToken);
                if (!json.TryPrint(parsed, environment, ended, NyalaJson.Wire.Deployment))
                {
                    environment.Out.WriteLine(TerminalText.OneLine(DeploymentView.Outcome(ended)));
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    private static async Task<(NyalaClient Client, string Id)> FindAsync(NyalaClient client, CancellationToken cancellationToken)
    {
        Deployment[] running = [.. (await client.ListDeploymentsAsync(DeploymentLookup.Recent, cancellationToken: cancellationToken)).Where(deployment => !deployment.Complete)];
        return running switch
        {
            [Deployment one] => DeploymentLookup.At(client, one),
            [] => throw CommandFailure.NotFound("no deployment is in progress, so there is nothing to cancel."),
            _ => throw new CommandFailure(
                $"{running.Length} deployments are in progress. Specify one of {string.Join(", ", running.Select(deployment => $"{deployment.Id} of {deployment.SiteName}"))}."),
        };
    }
}
