using System.Net;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Hooks;

/// <summary>A hook as people read it.</summary>
internal static class HookView
{
    public static readonly IReadOnlyList<string> Columns = ["ID", "SITE", "EVENT", "STATE", "LAST", "URL"];

    public static IReadOnlyList<string> Row(Hook hook) => [hook.Id, hook.Site ?? "(every)", hook.Event, hook.State, Last(hook), hook.Url];

    public static void Print(Surroundings surroundings, Hook hook) => Tables.PrintFields(
        surroundings,
        [
            ("id", hook.Id),
            ("event", hook.Event),
            ("url", hook.Url),
            ("site", hook.Site ?? "(every)"),
            ("state", hook.State),
            ("insecure ssl", hook.InsecureSsl ? "yes: the receiver's certificate is not checked" : null),
            ("created", Output.Text.Time(hook.Created)),
            ("last attempt", hook.LastDateTime is null ? "none yet" : $"{Output.Text.Time(hook.LastDateTime)}  {Last(hook)}"),
            ("last reason", hook.LastReason),
            ("last event sent", hook.LastContext),
            ("secret", hook.Secret),
        ]);

    /// <summary>The number and name of the HTTP status that answered last, <c>Failure</c> where nobody answered, empty before the first attempt.</summary>
    public static string Last(Hook hook) =>
        Answer(hook) is { } status && Enum.IsDefined(status) ? $"{(int)status} {hook.LastStatus}" : hook.LastStatus ?? "";

    /// <summary>Whether the receiver's last answer was 2xx.</summary>
    public static bool Answered(Hook hook) => Answer(hook) is { } status && (int)status is >= 200 and < 300;

    private static HttpStatusCode? Answer(Hook hook) =>
        Enum.TryParse(hook.LastStatus, ignoreCase: true, out HttpStatusCode status) ? status : null;
}
