using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deployments;

/// <summary><c>nyala deployments log</c>. Escape sequences in the log are left out for people; <c>--json</c> has them.</summary>
internal static class DeploymentsLog
{
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = "The deployment's id." };
        var command = new Command("log", "Prints the log of a deployment's newest run.") { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                IReadOnlyList<LogEntry> log = await client.GetLogAsync(parsed.GetRequiredValue(id), cancellationToken);
                if (json.TryPrint(parsed, surroundings, log, NyalaJson.Wire.IReadOnlyListLogEntry))
                {
                    return ExitCode.Done;
                }

                foreach (LogEntry entry in log)
                {
                    surroundings.Out.WriteLine(Line(entry));
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    private static string Line(LogEntry entry)
    {
        string kind = entry.Type switch
        {
            LogEntryType.Warning => "warning: ",
            LogEntryType.Error => "error: ",
            _ => "",
        };
        return $"{Text.Time(entry.LogTime)}  {kind}{Text.Plain(entry.Message.ReplaceLineEndings(" "))}";
    }
}
