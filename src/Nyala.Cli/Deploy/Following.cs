using System.CommandLine;
using Nyala.Cli.Deployments;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deploy;

/// <summary>What a verb that begins a deployment does then: it shows the log until the end, and ends as the deployment does.</summary>
internal sealed class Following
{
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return as soon as the deployment has started." };
    private readonly JsonOption _json;

    private Following(JsonOption json) => _json = json;

    public static Following AddTo(Command command)
    {
        var following = new Following(JsonOption.AddTo(command));
        command.Add(following._noWait);
        return following;
    }

    /// <summary>Follows a deployment that has just begun; it has failed where this throws.</summary>
    public async Task<int> RunAsync(ParseResult parsed, Surroundings surroundings, NyalaClient client, Deployment begun, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_noWait))
        {
            if (!_json.TryPrint(parsed, surroundings, begun, NyalaJson.Wire.Deployment))
            {
                surroundings.Out.WriteLine(Text.OneLine($"deployment {begun.Id} started. To follow its log, run \"nyala deployments log {begun.Id} --follow\""));
            }

            return ExitCode.Done;
        }

        // What a program reads is the deployment alone.
        TextWriter log = _json.Asked(parsed) ? surroundings.Error : surroundings.Out;
        Deployment ended = await FollowAsync(client, begun.Id, run: null, Tell, surroundings, cancellationToken);
        bool told = _json.TryPrint(parsed, surroundings, ended, NyalaJson.Wire.Deployment);
        string outcome = DeploymentView.Outcome(ended);
        if (ended.Status != DeploymentStatus.Success)
        {
            throw new CommandFailure(outcome);
        }

        if (!told)
        {
            surroundings.Out.WriteLine(Text.OneLine(outcome));
        }

        return ExitCode.Done;

        Task Tell(LogEntry entry)
        {
            log.WriteLine(LogView.Plain(entry));
            return Task.CompletedTask;
        }
    }

    /// <summary>Hands on each line of a deployment's log until it ends.</summary>
    public static async Task<Deployment> FollowAsync(
        NyalaClient client, string id, int? run, Func<LogEntry, Task> tell, Surroundings surroundings, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (LogUpdate update in client.FollowLogAsync(id, run, cancellationToken))
            {
                if (update.Ended is { } ended)
                {
                    return ended;
                }

                await tell(update.Entry!);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            surroundings.Error.WriteLine(Text.OneLine($"nyala: the deployment continues. To follow its log, run \"nyala deployments log {id} --follow\"."));
            throw;
        }

        throw new IOException("the log has no end");
    }
}
