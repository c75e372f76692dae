using System.CommandLine;
using System.Net;
using System.Text.Json;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Hooks;

/// <summary>A hook as people read it.</summary>
internal static class HookView
{
    public static readonly IReadOnlyList<string> Columns = ["ID", "SITE", "EVENT", "STATE", "LAST", "URL"];

    public static IReadOnlyList<string> Row(Hook hook) => [hook.Id, hook.Site ?? "(every)", hook.Event, IsHeld(hook) ? "held" : hook.State, Last(hook), hook.Url];

    public static void Print(Surroundings surroundings, Hook hook) => Tables.PrintFields(
        surroundings,
        [
            ("id", hook.Id),
            ("event", hook.Event),
            ("url", hook.Url),
            ("site", hook.Site ?? "(every)"),
            ("description", hook.Description),
            ("filter", hook.Filter is null ? null : JsonSerializer.Serialize(hook.Filter, NyalaJson.Wire.HookFilter)),
            ("ordered", hook.Ordered ? "yes: one event after the other" : null),
            ("rate", hook.Rate is { } rate ? $"{rate} attempts in a minute at most" : null),
            ("headers", hook.Headers is { } headers ? string.Join(", ", headers.Select(header => $"{header.Key}: {header.Value}")) : null),
            ("state", State(hook)),
            ("state reason", hook.StateReason),
            ("failing since", Output.Text.Time(hook.FailingSince)),
            ("insecure ssl", hook.InsecureSsl ? "yes: the receiver's certificate is not checked" : null),
            ("ca", hook.Ca is { } authorities ? string.Join("; ", authorities.Select(Certificate)) : null),
            ("client certificate", hook.ClientCertificate is { } shown ? Certificate(shown) : null),
            ("created", Output.Text.Time(hook.Created)),
            ("last attempt", hook.LastDateTime is null ? "none yet" : $"{Output.Text.Time(hook.LastDateTime)}  {Last(hook)}"),
            ("last reason", hook.LastReason),
            ("last event sent", hook.LastContext),
            ("secret", hook.Secret),
            ("old secret until", Output.Text.Time(hook.SecretOldUntil)),
        ]);

    /// <summary>Prints a hook as JSON, where that is asked for, or as people read it.</summary>
    public static int Done(ParseResult parsed, Surroundings surroundings, JsonOption json, Hook hook)
    {
        if (!json.TryPrint(parsed, surroundings, hook, NyalaJson.Wire.Hook))
        {
            Print(surroundings, hook);
        }

        return ExitCode.Done;
    }

    /// <summary>The number and name of the HTTP status that answered last, <c>Failure</c> where nobody answered, empty before the first attempt.</summary>
    public static string Last(Hook hook) =>
        Answer(hook) is { } status && Enum.IsDefined(status) ? $"{(int)status} {hook.LastStatus}" : hook.LastStatus ?? "";

    /// <summary>Whether the receiver's last answer was 2xx.</summary>
    public static bool Answered(Hook hook) => Answer(hook) is { } status && (int)status is >= 200 and < 300;

    /// <summary>Whether it is active and yet waits, since its attempts keep failing.</summary>
    private static bool IsHeld(Hook hook) => hook is { State: "active", HeldUntil: not null };

    private static string State(Hook hook) => hook.State
        + (hook.StateSince is null ? "" : $" since {Output.Text.Time(hook.StateSince)}")
        + (IsHeld(hook) ? $", held until {Output.Text.Time(hook.HeldUntil)}" : "");

    private static string Certificate(HookCertificate certificate) => $"{certificate.Subject}, until {Output.Text.Time(certificate.Expires)}";

    private static HttpStatusCode? Answer(Hook hook) =>
        Enum.TryParse(hook.LastStatus, ignoreCase: true, out HttpStatusCode status) ? status : null;
}
