using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Audit;

/// <summary><c>nyala audit</c>: who changed what.</summary>
internal static class AuditCommand
{
    private const int UsualLimit = 100;

    private static readonly IReadOnlyList<string> Columns = ["TIME", "ACTOR", "ADDRESS", "ACTION", "TARGET", "SITE", "DETAILS"];

    public static Command Create(Surroundings surroundings)
    {
        var action = new Option<string?>("--action") { Description = "Only this action, such as hook.created.", HelpName = "action" };
        var target = new Option<string?>("--target") { Description = "Only what was done to this id.", HelpName = "id" };
        var command = new Command("audit", "Lists changes and who made them, newest first. Needs the admin token.") { action, target };
        Option<int?> limit = LimitOption.AddTo(command);
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                IReadOnlyList<AuditEntry> changes = await client
                    .ListAuditAsync(parsed.GetValue(action), parsed.GetValue(target), parsed.GetValue(limit) ?? UsualLimit, cancellationToken)
                    .ToListAsync(cancellationToken);
                if (!json.TryPrint(parsed, surroundings, changes, NyalaJson.Wire.IReadOnlyListAuditEntry))
                {
                    Tables.Print(surroundings, Columns, changes.Select(Row));
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    private static string[] Row(AuditEntry change) =>
    [
        Text.Time(change.Time),
        change.Actor,
        change.Address ?? "",
        change.Action,
        change.Target,
        change.Site ?? "",
        string.Join(' ', change.Details.Select(detail => $"{detail.Key}={detail.Value}")),
    ];
}
