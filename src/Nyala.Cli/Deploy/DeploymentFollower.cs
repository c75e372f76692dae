using System.CommandLine;
using Nyala.Cli.Deployments;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deploy;

/// <summary>Shows the log of a deployment that a verb has started, until it ends. The verb then succeeds or fails like the deployment.</summary>
internal sealed class DeploymentFollower
{
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return as soon as the deployment has started." };
    private readonly JsonOption _json;

    private DeploymentFollower(JsonOption json) => _json = json;

    public static DeploymentFollower AddTo(Command command)
    {
        var following = new DeploymentFollower(JsonOption.AddTo(command));
        command.Add(following._noWait);
        return following;
    }

    /// <summary>Follows a deployment that has just started.</summary>
    /// <exception cref="CommandFailure">The deployment failed.</exception>
    public async Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment, NyalaClient client, Deployment begun, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_noWait))
        {
            if (!_json.TryPrint(parsed, environment, begun, NyalaJson.Wire.Deployment))
            {
                environment.Out.WriteLine(TerminalText.OneLine($"deployment {begun.Id} started. To follow its log, run \"nyala deployments log {begun.Id} --follow\""));
            }

            return ExitCode.Done;
        }

        // With --json, standard output contains only the deployment.
        TextWriter log = _json.IsGiven(parsed) ? environment.Error : environment.Out;
        Deployment ended = await FollowAsync(client, begun.Id, run: null, Tell, environment, cancellationToken);
        bool told = _json.TryPrint(parsed, environment, ended, NyalaJson.Wire.Deployment);
        string outcome = DeploymentView.Outcome(ended);
        if (ended.Status != DeploymentStatus.Success)
        {
            throw new CommandFailure(outcome);
        }

        if (!told)
        {
            environment.Out.WriteLine(TerminalText.OneLine(outcome));
        }

        return ExitCode.Done;

        Task Tell(LogEntry entry)
        {
            log.WriteLine(LogView.Plain(entry));
            return Task.CompletedTask;
        }
    }

    /// <summary>Passes each entry of a deployment's log to <paramref name="onEntry"/> until the deployment ends, and returns the ended deployment.</summary>
    public static async Task<Deployment> FollowAsync(
        NyalaClient client, string id, int? run, Func<LogEntry, Task> onEntry, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (LogUpdate update in client.FollowLogAsync(id, run, cancellationToken))
            {
                if (update.Ended is { } ended)
                {
                    return ended;
                }

                await onEntry(update.Entry!);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            environment.Error.WriteLine(TerminalText.OneLine($"nyala: the deployment continues. To follow its log, run \"nyala deployments log {id} --follow\"."));
            throw;
        }

        throw new IOException("the log has no end");
    }
}
