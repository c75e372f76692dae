using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Server.Outbound.Templates;

/// <summary>Events with which a template is tried when it is saved.</summary>
internal static class TemplateSamples
{
    private static readonly DateTimeOffset Time = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);

    /// <summary>Returns the samples for an event type. A type that the server does not raise has none, because its fields are not known.</summary>
    public static IEnumerable<EventContent> Of(string? type)
    {
        if (type == EventTypes.Any || EventTypes.PostDeployment.Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            yield return Deployment(EventTypes.PostDeployment, "success", []);
            yield return Deployment(EventTypes.PostDeployment, "failed", ["> npm test", "3 of 214 tests failed"]);
        }
        else if (EventTypes.DeploymentStarted.Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            yield return Deployment(EventTypes.DeploymentStarted, "building", []);
        }
    }

    private static EventContent Deployment(string type, string status, IReadOnlyList<string> log)
    {
        bool fails = status == "failed";
        bool ends = type == EventTypes.PostDeployment;
        var deployment = new DeploymentEvent
        {
            Id = "982843aff56d37f2bfb9f532a9c0465031f4172d",
            Status = status,
            StatusText = fails ? "npm test exited with code 1" : "",
            AuthorEmail = "someone@example.com",
            Author = "Someone",
            Message = "Show \"prices\" with tax",
            Deployer = "CI",
            ReceivedTime = Time,
            StartTime = Time,
            EndTime = ends ? Time : null,
            LastSuccessEndTime = ends && !fails ? Time : null,
            Complete = ends,
            SiteName = "web",
            HostName = "web.example.com",
            Branch = "main",
            Change = fails ? "broke" : null,
        };
        return new EventContent(type, JsonSerializer.SerializeToUtf8Bytes(deployment, NyalaJson.Wire.DeploymentEvent)) { Id = 1, Time = Time, Site = "web", LogTail = log };
    }
}
