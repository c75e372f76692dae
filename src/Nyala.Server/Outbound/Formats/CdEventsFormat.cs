using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nyala.Client;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Events as CDEvents, carried as CloudEvents. A success is a deployed service, a start and a failure are a run of a pipeline, and everything else is a custom
/// event. The event's own body is the custom data. Source: github.com/cdevents/spec, v0.5.1.
/// </summary>
internal sealed class CdEventsFormat : IFormat
{
    private const string Version = "0.5.1";
    private const string Deployed = "dev.cdevents.service.deployed.0.3.0";
    private const string RunStarted = "dev.cdevents.pipelinerun.started.0.3.0";
    private const string RunFinished = "dev.cdevents.pipelinerun.finished.0.3.0";
    private const string Custom = "dev.cdeventsx.nyala-event.published.0.1.0";
    private const string Environment = "environment";
    private const string UsualEnvironment = "production";
    private const string Handshake = "handshake";
    private const string Required = "required";
    private const int MaxEnvironment = 200;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public FormatFacts Facts { get; } = new("cdevents", "receivers of CDEvents 0.5")
    {
        Refuses = "415",
        Settings =
        [
            CloudEventsFormat.ModeSetting,
            new FormatSetting(Handshake, "`none` (default), or `required`: as for `cloudevents`") { Refuses = FormatSetting.OneOf("none", Required) },
            new FormatSetting(Environment, "the id of the environment to which the site is deployed; default `production`")
            {
                Refuses = text => text.Length is > 0 and <= MaxEnvironment ? null : $"It must have 1 to {MaxEnvironment} characters.",
            },
        ],
        NeedsHandshake = settings => settings[Handshake] == Required,
    };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        JsonElement body = Utf8Json.Object(@event.Body.Span);
        string id = @event.Id.ToString(CultureInfo.InvariantCulture);
        (string type, string subject) = Kind(@event, body, id);
        var data = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(data, Relaxed))
        {
            json.WriteStartObject();
            WriteContext(json, @event, id, type);
            json.WriteStartObject("subject");
            json.WriteString("id", subject);
            json.WriteStartObject("content");
            WriteContent(json, @event, type, body, settings[Environment] ?? UsualEnvironment);
            json.WriteEndObject();
            json.WriteEndObject();
            WriteCustomData(json, @event, body.ValueKind == JsonValueKind.Object);
            json.WriteEndObject();
        }

        var carried = new CloudEvent(id, CloudEventsFormat.SourceOf(@event), type, @event.Time) { Subject = subject, Data = data.WrittenMemory };
        return CloudEventsFormat.Write(carried, @event, settings);
    }

    public Judgement Judge(Answer answer) => CloudEventsFormat.JudgeAnswer(answer);

    /// <summary>Decides what the event is, and what its subject is called.</summary>
    private static (string Type, string Subject) Kind(EventContent @event, JsonElement body, string id)
    {
        bool Is(string known) => known.Equals(@event.Type, StringComparison.OrdinalIgnoreCase);
        string? deployment = ServiceRule.Text(body, "id");
        if (string.IsNullOrEmpty(deployment))
        {
            return (Custom, id);
        }

        return ServiceRule.Text(body, "status") switch
        {
            "success" when Is(EventTypes.PostDeployment) && @event.Site.Length > 0 => (Deployed, @event.Site),
            "failed" when Is(EventTypes.PostDeployment) => (RunFinished, deployment),
            not null when Is(EventTypes.DeploymentStarted) => (RunStarted, deployment),
            _ => (Custom, id),
        };
    }

    private static void WriteContext(Utf8JsonWriter json, EventContent @event, string id, string type)
    {
        json.WriteStartObject("context");
        json.WriteString("specversion", Version);
        json.WriteString("id", id);
        json.WriteString("source", CloudEventsFormat.SourceOf(@event));
        json.WriteString("type", type);
        json.WriteString("timestamp", @event.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, EventContent @event, string type, JsonElement body, string environment)
    {
        switch (type)
        {
            case Deployed:
                json.WriteStartObject("environment");
                json.WriteString("id", environment);
                json.WriteEndObject();
                json.WriteString("artifactId", $"pkg:generic/{Uri.EscapeDataString(@event.Site)}@{Escaped(body)}");
                break;
            case Custom:
                json.WriteString("type", @event.Type);
                json.WriteString("site", @event.Site);
                break;
            default:
                json.WriteString("pipelineName", @event.Site);
                json.WriteString("uri", UriOf(@event, body));
                if (type == RunFinished)
                {
                    json.WriteString("outcome", "failure");
                    json.WriteString("errors", ServiceRule.Text(body, "statusText") ?? "");
                }

                break;
        }
    }

    /// <summary>Writes the event's own body. What is no JSON object is written in base64.</summary>
    private static void WriteCustomData(Utf8JsonWriter json, EventContent @event, bool isObject)
    {
        if (isObject)
        {
            json.WritePropertyName("customData");
            json.WriteRawValue(KuduFormat.BodyOf(@event).Span);
            json.WriteString("customDataContentType", "application/json");
        }
        else if (!@event.Body.IsEmpty)
        {
            json.WriteBase64String("customData", @event.Body.Span);
            json.WriteString("customDataContentType", "application/octet-stream");
        }
    }

    /// <summary>Returns the page of the deployment, or else a name for it, because the schema requires a URI.</summary>
    private static string UriOf(EventContent @event, JsonElement body) =>
        Uri.TryCreate(ServiceRule.Text(body, "url"), UriKind.Absolute, out Uri? url) ? url.AbsoluteUri : $"urn:nyala:{Uri.EscapeDataString(@event.Site)}:{Escaped(body)}";

    private static string Escaped(JsonElement body) => Uri.EscapeDataString(ServiceRule.Text(body, "id")!);
}
