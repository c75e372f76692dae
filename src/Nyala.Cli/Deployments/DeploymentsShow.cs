using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments show</c>.</summary>
internal static class DeploymentsShow
{
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = WhichDeployment.Description };
        var command = new Command("show", "Shows one deployment.") { id };
        Option<int?> run = RunOption.AddTo(command);
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                (NyalaClient at, string which) = await WhichDeployment.FindAsync(client, parsed.GetRequiredValue(id), cancellationToken);
                Deployment deployment = await at.GetDeploymentAsync(which, parsed.GetValue(run), cancellationToken);
                if (!json.TryPrint(parsed, surroundings, deployment, NyalaJson.Wire.Deployment))
                {
                    DeploymentView.Print(surroundings, deployment);
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}
