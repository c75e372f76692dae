using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Nyala.Client;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>What an event means to a service that alerts people: it opens an alert, or closes the one with the same key. Pure.</summary>
/// <param name="Opens">Whether the alert is opened. If not, it is closed; a service ignores that if it has no such alert.</param>
/// <param name="Key">Identifies the alert: a failure and the success after it have the same key.</param>
/// <param name="IsFailure">Whether something failed, so that the alert is more than a warning.</param>
internal readonly record struct Alert(bool Opens, string Key, bool IsFailure = false)
{
    private const int MaxKey = 200;

    /// <summary>The key of an alert that never exists. Closing it tests the connection without alerting anyone.</summary>
    private const string NoAlert = "nyala:ping";

    /// <summary>Why an event type cannot be sent as alerts; null if it can.</summary>
    public static string? RefusesEvent(string type) =>
        type == EventTypes.Any ? "A hook that alerts people needs one event type, for example PostDeployment: with * it would alert them of every event."
        : type.Equals(EventTypes.DeploymentStarted, StringComparison.OrdinalIgnoreCase) ? "The start of a deployment is no reason to alert people. Use PostDeployment."
        : null;

    /// <summary>A failure opens an alert, and a success closes it. Any other event of a type that a publisher chose opens one too.</summary>
    public static Alert Of(EventContent @event, Message message)
    {
        JsonElement body = Utf8Json.Object(@event.Body.Span);
        bool Is(string type) => type.Equals(@event.Type, StringComparison.OrdinalIgnoreCase);
        if (Is(EventTypes.Ping) || message.Tone == MessageTone.Progress)
        {
            return new Alert(false, NoAlert);
        }

        string? status = ServiceRule.Text(body, "status");
        return Is(EventTypes.HookDisabled) ? new Alert(true, KeyOf("hook", ServiceRule.Text(body, "hookId")), IsFailure: true)
            : Is(EventTypes.TokenExpiring) ? new Alert(true, KeyOf("token", ServiceRule.Text(body, "tokenId")))
            : new Alert(status != "success", KeyOf(ServiceRule.Text(body, "hostName"), @event.Site, @event.Type), IsFailure: status == "failed");
    }

    /// <summary>Joins the parts to a key that can be a segment of a path.</summary>
    private static string KeyOf(params IEnumerable<string?> parts)
    {
        string key = string.Join(':', parts.Where(part => !string.IsNullOrEmpty(part)).Prepend("nyala"));
        return key.Length <= MaxKey && key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or ':' or '-') ? key : "nyala:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }
}
