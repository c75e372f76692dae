using System.Globalization;
using Nyala.Client;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Events as CloudEvents, with the event's own body as data. The type is the event's type as it is: filters and documentation use this name, and publishers who
/// want a prefix choose it. Source: github.com/cloudevents/spec, v1.0.2, and there "HTTP 1.1 Web Hooks for Event Delivery".
/// </summary>
internal sealed class CloudEventsFormat : IFormat
{
    private const string Mode = "mode";
    private const string Binary = "binary";
    private const string Handshake = "handshake";
    private const string None = "none";
    private const int Unreadable = 415;

    /// <summary>The setting that chooses how HTTP carries the event.</summary>
    public static FormatSetting ModeSetting { get; } = new(Mode, "`structured` (default): the event as one JSON document; `binary`: its data as the body, the rest as headers")
    {
        Refuses = FormatSetting.OneOf("structured", Binary),
    };

    public FormatFacts Facts { get; } = new("cloudevents", "receivers of CloudEvents 1.0")
    {
        Refuses = "415",
        Settings =
        [
            ModeSetting,
            new FormatSetting(Handshake, "`required` (default): the receiver must allow this server's events when the hook is added; `none`: it is not asked")
            {
                Refuses = FormatSetting.OneOf("required", None),
            },
        ],
        NeedsHandshake = settings => settings[Handshake] != None,
    };

    public Rendered Render(EventContent @event, FormatSettings settings) => Write(
        new CloudEvent(@event.Id.ToString(CultureInfo.InvariantCulture), SourceOf(@event), @event.Type, @event.Time)
        {
            Subject = SubjectOf(@event),
            Data = KuduFormat.BodyOf(@event),
        },
        @event,
        settings);

    public Judgement Judge(Answer answer) => JudgeAnswer(answer);

    /// <summary>Writes an event as the hook's settings say.</summary>
    public static Rendered Write(CloudEvent written, EventContent @event, FormatSettings settings) =>
        settings[Mode] == Binary ? written.AsBinary(@event.Origin) : written.AsStructured(@event.Origin);

    /// <summary>The status decides, as for Kudu's receivers. 415 means that the receiver does not read this form of events.</summary>
    public static Judgement JudgeAnswer(Answer answer) => answer.Status == Unreadable ? Judgement.Refused(answer.Description) : FormatCatalog.Kudu.Judge(answer);

    /// <summary>Returns the URL of the site's API, or else a reference without a host.</summary>
    public static string SourceOf(EventContent @event) => @event.ApiUrl ?? "/sites/" + @event.Site;

    /// <summary>Returns the id of the deployment; null if the event is about none.</summary>
    private static string? SubjectOf(EventContent @event)
    {
        bool isDeployment = EventTypes.PostDeployment.Equals(@event.Type, StringComparison.OrdinalIgnoreCase)
            || EventTypes.DeploymentStarted.Equals(@event.Type, StringComparison.OrdinalIgnoreCase);
        return isDeployment ? ServiceRule.Text(Utf8Json.Object(@event.Body.Span), "id") : null;
    }
}
