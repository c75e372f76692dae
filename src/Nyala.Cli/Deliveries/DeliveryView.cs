using System.Globalization;
using System.Net;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Deliveries;

/// <summary>Formats deliveries for people.</summary>
internal static class DeliveryView
{
    public static readonly IReadOnlyList<string> Columns = ["ID", "CREATED", "TYPE", "SITE", "HOOK", "STATE", "ATTEMPTS", "LAST", "NEXT"];

    public static IReadOnlyList<string> Row(Delivery delivery) =>
    [
        delivery.Id,
        Display.Time(delivery.Created),
        delivery.Event.Type,
        delivery.Event.Site,
        delivery.Hook,
        delivery.State,
        delivery.Attempts.ToString(CultureInfo.InvariantCulture),
        Last(delivery),
        Display.Time(delivery.NextAttempt),
    ];

    public static void Print(CommandEnvironment environment, Delivery delivery)
    {
        Tables.PrintFields(
            environment,
            [
                ("id", delivery.Id),
                ("webhook-id", delivery.WebhookId),
                ("event", delivery.Event.Id),
                ("type", delivery.Event.Type),
                ("site", delivery.Event.Site),
                ("deployment", delivery.Event.Deployment),
                ("hook", delivery.Hook),
                ("state", delivery.State),
                ("reason", delivery.Reason),
                ("created", Display.Time(delivery.Created)),
                ("next attempt", Display.Time(delivery.NextAttempt)),
                ("ended", Display.Time(delivery.Ended)),
                ("body", Body(delivery.Body, delivery.BodyIsBase64 == true, cut: false)),
            ]);
        foreach (DeliveryAttempt attempt in delivery.History ?? [])
        {
            Print(environment.Out, attempt);
        }
    }

    /// <summary>Returns the result of a redelivery in one line.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="before">The number of attempts before the redelivery. Their results are not reported.</param>
    public static string Outcome(Delivery delivery, int before)
    {
        if (delivery.Attempts <= before)
        {
            string held = delivery.Reason is { } why ? $" and held: {why}" : "; its attempt has not ended yet.";
            return $"delivery {delivery.Id} is {delivery.State}{held} To see the result, run \"nyala deliveries show {delivery.Id}\".";
        }

        string reason = string.IsNullOrEmpty(delivery.LastReason ?? delivery.Reason) ? "" : $": {delivery.LastReason ?? delivery.Reason}";
        string next = delivery.NextAttempt is { } time ? $" The next attempt is at {Display.Time(time)}." : "";
        return $"delivery {delivery.Id} is {delivery.State}, after {delivery.Attempts} attempts{reason}{next}";
    }

    /// <summary>Formats the body of an event or a response; returns null if it is empty.</summary>
    public static string? Body(string? text, bool isBase64, bool cut) =>
        string.IsNullOrEmpty(text) ? null : (isBase64 ? "(base64) " : "") + text + (cut ? " (cut)" : "");

    /// <summary>Returns an HTTP status with its name.</summary>
    public static string Status(int status) => Enum.IsDefined((HttpStatusCode)status) ? $"{status} {(HttpStatusCode)status}" : $"{status}";

    private static string Last(Delivery delivery) =>
        delivery.LastStatus is { } status ? Status(status) : delivery.LastReason is null && delivery.Attempts == 0 ? "" : "no answer";

    private static void Print(TextWriter to, DeliveryAttempt attempt)
    {
        string answered = attempt.Status is { } status ? Status(status) : "no answer";
        to.WriteLine();
        to.WriteLine($"attempt {attempt.Number}  {Display.Time(attempt.Started)}  {answered} in {Took(attempt.DurationSeconds)}{Parts(attempt)}");
        Line(to, "  ", attempt.Reason);
        foreach (HeaderField header in attempt.RequestHeaders ?? [])
        {
            Line(to, "  > ", $"{header.Name}: {header.Value}");
        }

        foreach (HeaderField header in attempt.AnswerHeaders ?? [])
        {
            Line(to, "  < ", $"{header.Name}: {header.Value}");
        }

        Line(to, "  < ", Body(attempt.Answer, attempt.AnswerIsBase64, attempt.AnswerIsCut));
    }

    private static string Parts(DeliveryAttempt attempt)
    {
        (string Name, double? Seconds)[] parts =
            [("dns", attempt.DnsSeconds), ("connect", attempt.ConnectSeconds), ("tls", attempt.TlsSeconds), ("first byte", attempt.FirstByteSeconds)];
        string told = string.Join(", ", parts.Where(part => part.Seconds is not null).Select(part => $"{part.Name} {Took(part.Seconds!.Value)}"));
        return told.Length == 0 ? "" : $" ({told})";
    }

    private static string Took(double seconds) => Display.Duration(TimeSpan.FromSeconds(seconds));

    private static void Line(TextWriter to, string before, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            to.WriteLine(before + TerminalText.OneLine(text));
        }
    }
}
