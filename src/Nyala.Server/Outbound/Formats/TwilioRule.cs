using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// The requests and answers of Twilio's API. Source: twilio.com/docs, "Calls resource", "Messages resource" and "Error and warning dictionary". Errors of the account, such
/// as a wrong token or no credit, are retried: the operator can mend them.
/// </summary>
internal static class TwilioRule
{
    /// <summary>The setting with the number of the hook, and the one with the number of the account.</summary>
    public const string To = "to";
    public const string From = "from";

    /// <summary>The codes that refuse the number for ever: not a phone number, or one that this kind of message cannot reach.</summary>
    public static readonly string[] Refusals = ["13224", "21201", "21211", "21214", "21217", "21265", "21401", "21614"];

    /// <summary>The code for a person who has answered STOP.</summary>
    public const string Unsubscribed = "21610";

    /// <summary>Writes a form with the numbers and one more field.</summary>
    public static Rendered Form(FormatSettings settings, string field, string value) => new(
        Encoding.ASCII.GetBytes($"To={Encode(settings[To] ?? "")}&From={Encode(settings[From] ?? "")}&{field}={Encode(value)}"),
        "application/x-www-form-urlencoded");

    public static Judgement Judge(Answer answer)
    {
        JsonElement body = answer.Status is >= 200 and <= 299 ? default : ServiceRule.Object(answer);
        string? code = ServiceRule.Text(body, "code");
        string? said = code is null ? null : string.Create(CultureInfo.InvariantCulture, $"{ServiceRule.Text(body, "message")} (error {code})");
        Judgement judgement = ServiceRule.Judge("Twilio", answer, said, []);
        return code == Unsubscribed ? Judgement.HookGone(judgement.Reason!, "The person no longer wants text messages (Twilio's error 21610).")
            : Refusals.Contains(code) ? Judgement.Refused(judgement.Reason!)
            : answer.Status is >= 400 and <= 499 and not (408 or 410 or 429) ? Judgement.AccountFault(judgement.Reason!)
            : judgement;
    }

    private static string Encode(string text) => Uri.EscapeDataString(text);
}
