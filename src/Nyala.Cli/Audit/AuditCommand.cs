using System.CommandLine;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Audit;

/// <summary><c>nyala audit</c>.</summary>
internal static class AuditCommand
{
    private static readonly ListView<IReadOnlyList<AuditEntry>, AuditEntry> View = new(
        NyalaJson.Wire.IReadOnlyListAuditEntry,
        ["TIME", "ACTOR", "ADDRESS", "ACTION", "TARGET", "SITE", "DETAILS"],
        change =>
        [
            Display.Time(change.Time),
            change.Actor,
            change.Address,
            change.Action,
            change.Target,
            change.Site,
            string.Join(' ', change.Details.Select(detail => $"{detail.Key}={detail.Value}")),
        ],
        "no matching changes.");

    public static Command Create(CommandEnvironment environment)
    {
        var action = new Option<string?>("--action") { Description = "Only this action, for example hook.created.", HelpName = "action" };
        var target = new Option<string?>("--target") { Description = "Only changes to the object with this ID.", HelpName = "id" };
        var command = new Command("audit", "List changes and who made them, newest first. Requires the admin token.") { action, target };
        Option<int> limit = LimitOption.AddTo(command);
        return View.AddTo(
            command,
            environment,
            async (parsed, client, cancellationToken) => await client
                .ListAuditAsync(parsed.GetValue(action), parsed.GetValue(target), parsed.GetValue(limit), cancellationToken).ToListAsync(cancellationToken),
            withSite: false);
    }
}
