using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Deploy;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments log</c>. Escape sequences in the log are removed, except with <c>--json</c>.</summary>
internal static class DeploymentsLog
{
    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string>("id") { Description = DeploymentLookup.Description };
        var follow = new Option<bool>("--follow", "-f") { Description = "Follow the log until the deployment ends. With --json, print one entry per line." };
        var command = new Command("log", "Print the log of a deployment.") { id, follow };
        Option<int?> run = RunOption.AddTo(command);
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                (NyalaClient at, string which) = await DeploymentLookup.FindAsync(client, parsed.GetRequiredValue(id), cancellationToken);
                return await (parsed.GetValue(follow)
                    ? FollowAsync(at, which, parsed.GetValue(run), json.IsGiven(parsed), environment, cancellationToken)
                    : PrintAsync(at, which, parsed.GetValue(run), log => json.TryPrint(parsed, environment, log, NyalaJson.Wire.IReadOnlyListLogEntry), environment, cancellationToken));
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> PrintAsync(
        NyalaClient client, string id, int? run, Func<IReadOnlyList<LogEntry>, bool> printed, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        IReadOnlyList<LogEntry> log = await client.GetLogAsync(id, run, cancellationToken);
        if (!printed(log))
        {
            foreach (LogEntry entry in log)
            {
                await PrintAsync(client, id, run, entry, environment.Out, cancellationToken);
            }
        }

        return ExitCode.Done;
    }

    private static async Task<int> FollowAsync(NyalaClient client, string id, int? run, bool json, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        Deployment ended = await DeploymentFollower.FollowAsync(
            client,
            id,
            run,
            entry => json ? PrintJson(entry, environment.Out) : PrintAsync(client, id, run, entry, environment.Out, cancellationToken),
            environment,
            cancellationToken);
        environment.Error.WriteLine(TerminalText.OneLine($"nyala: {DeploymentView.Outcome(ended)}"));
        return ExitCode.Done;
    }

    /// <summary>Prints an entry and its detail lines.</summary>
    private static async Task PrintAsync(NyalaClient client, string id, int? run, LogEntry entry, TextWriter to, CancellationToken cancellationToken)
    {
        to.WriteLine(LogView.Line(entry));
        if (entry.DetailsUrl is not null)
        {
            foreach (LogEntry detail in await client.GetLogDetailsAsync(id, entry.Id, run, cancellationToken))
            {
                to.WriteLine(LogView.Line(detail));
            }
        }
    }

    private static Task PrintJson(LogEntry entry, TextWriter to)
    {
        JsonOption.PrintLine(to, entry, NyalaJson.Wire.LogEntry);
        return Task.CompletedTask;
    }
}
