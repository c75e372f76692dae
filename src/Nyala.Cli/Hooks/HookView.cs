using System.Globalization;
using System.Net;
using System.Text.Json;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Hooks;

/// <summary>Formats hooks for people.</summary>
internal static class HookView
{
    public static readonly DetailView<Hook> Detail = new(NyalaJson.Wire.Hook, Print);

    public static readonly IReadOnlyList<string> Columns = ["ID", "SITE", "EVENT", "FILTER", "STATE", "LAST", "URL"];

    public static IReadOnlyList<string> Row(Hook hook) => [hook.Id, hook.Site ?? "(all)", hook.Event, string.Join(" or ", (hook.Filter ?? []).Select(Filter)), State(hook), Last(hook), hook.Url];

    public static void Print(CommandEnvironment environment, Hook hook) => Tables.PrintFields(
        environment,
        [
            ("id", hook.Id),
            ("event", hook.Event),
            ("url", hook.Url),
            ("site", hook.Site ?? "(all)"),
            ("format", hook.Format),
            ("format settings", hook.FormatSettings is { } settings ? string.Join(", ", settings.Select(setting => $"{setting.Key}={setting.Value}")) : null),
            ("template", hook.Template is { } template ? Template(template) : null),
            ("template headers", hook.Template?.Headers is { } templateHeaders ? string.Join(", ", templateHeaders.Select(header => $"{header.Key}: {header.Value}")) : null),
            ("log lines", hook.LogLines > 0 ? hook.LogLines.ToString(CultureInfo.InvariantCulture) : null),
            ("description", hook.Description),
            .. (hook.Filter ?? []).Select((filter, index) => (index == 0 ? "filter" : "or filter", (string?)JsonSerializer.Serialize(filter, NyalaJson.Wire.HookFilter))),
            ("ordered", hook.Ordered ? "yes: one event at a time" : null),
            ("rate", hook.Rate is { } rate ? $"at most {rate} attempts per minute" : null),
            ("headers", hook.Headers is { } headers ? string.Join(", ", headers.Select(header => $"{header.Key}: {header.Value}")) : null),
            ("state", State(hook)),
            ("state reason", hook.StateReason),
            ("failing since", Display.Time(hook.FailingSince)),
            ("insecure ssl", hook.InsecureSsl ? "yes: the receiver's certificate is not verified" : null),
            ("ca", hook.Ca is { } authorities ? string.Join("; ", authorities.Select(Certificate)) : null),
            ("client certificate", hook.ClientCertificate is { } shown ? Certificate(shown) : null),
            ("created", Display.Time(hook.Created)),
            ("last attempt", hook.LastDateTime is null ? "none yet" : $"{Display.Time(hook.LastDateTime)}  {Last(hook)}"),
            ("last reason", hook.LastReason),
            ("last event sent", hook.LastContext),
            ("secret", hook.Secret),
            ("old secret until", Display.Time(hook.SecretOldUntil)),
        ]);

    /// <summary>
    /// Returns the number and name of the last response's HTTP status, <c>Failure</c> if there was no response, or an empty string before the first attempt.
    /// </summary>
    public static string Last(Hook hook) =>
        Answer(hook) is { } status && Enum.IsDefined(status) ? $"{(int)status} {hook.LastStatus}" : hook.LastStatus ?? "";

    /// <summary>Returns the state. If deliveries are held, it includes the reason, and until or since when.</summary>
    private static string State(Hook hook) => hook switch
    {
        { Held: { } held, HeldUntil: { } until } => $"held until {Display.Time(until)}: {Why(held)}",
        { Held: { } held } => $"held: {Why(held)}{Since(hook)}",
        { State: "active" } => hook.State,
        _ => hook.State + Since(hook),
    };

    private static string Since(Hook hook) => hook.StateSince is null ? "" : $" since {Display.Time(hook.StateSince)}";

    private static string Why(string held) => held switch
    {
        "breaker" => "attempts keep failing",
        "retry" => "an ordered delivery is waiting for its retry",
        "rate" => "rate limit",
        "own_fault" => "server error",
        _ => held,
    };

    private static string Template(HookTemplate template) => string.Create(
        CultureInfo.InvariantCulture,
        $"{template.Method ?? "POST"} {template.ContentType ?? "application/json"}, {template.Body.Length} characters{(template.Escape is { } escape ? $", escaped as {escape}" : "")}");

    private static string Filter(HookFilter filter) => string.Join(
        ' ',
        new (string Name, IReadOnlyList<string>? Values)[]
        {
            ("status", filter.Status), ("site", filter.Site), ("branch", filter.Branch), ("author", filter.Author), ("change", filter.Change),
        }.Where(field => field.Values is not null).Select(field => $"{field.Name}={string.Join(',', field.Values!)}"));

    private static string Certificate(HookCertificate certificate) => $"{certificate.Subject}, until {Display.Time(certificate.Expires)}";

    private static HttpStatusCode? Answer(Hook hook) =>
        Enum.TryParse(hook.LastStatus, ignoreCase: true, out HttpStatusCode status) ? status : null;
}
