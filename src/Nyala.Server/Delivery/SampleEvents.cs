using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Events for previews, as they could happen at a site.</summary>
internal static class SampleEvents
{
    private const string Commit = "982843aff56d37f2bfb9f532a9c0465031f4172d";

    private const string LogTail = """["> npm test","  checkout","    ✓ adds tax","    1) rounds prices","3 of 214 tests failed"]""";

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(40.7);

    /// <summary>The names of the samples.</summary>
    public static readonly IReadOnlyList<string> Names = ["success", "failed", "broke", "fixed", "still_failing", "started"];

    /// <summary>Returns the last lines of the log of a sample; null if it has not failed.</summary>
    public static string? LogTailOf(string? name) => Fails(name) ? LogTail : null;

    /// <summary>Returns a sample.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="site">The site.</param>
    /// <param name="host">The host name of the site.</param>
    /// <param name="api">The public base URL of the site's API; null if the server does not know its public URL.</param>
    /// <param name="now">When it happened.</param>
    public static EventContent Of(string name, string site, string host, string? api, DateTimeOffset now)
    {
        bool fails = Fails(name);
        bool ends = name != "started";
        var deployment = new DeploymentEvent
        {
            Id = Commit,
            Status = !ends ? "building" : fails ? "failed" : "success",
            StatusText = fails ? "npm test exited with code 1" : "",
            AuthorEmail = "someone@example.com",
            Author = "Someone",
            Message = "Show prices with tax",
            Deployer = "CI",
            ReceivedTime = now - Duration,
            StartTime = now - Duration,
            EndTime = ends ? now : null,
            LastSuccessEndTime = ends && !fails ? now : null,
            Complete = ends,
            SiteName = site,
            HostName = host,
            Branch = "main",
            Change = name is "broke" or "fixed" or "still_failing" ? name : null,
            Url = api is null ? null : $"{api}/deployments/{Commit}",
        };
        return new EventContent(
            ends ? EventTypes.PostDeployment : EventTypes.DeploymentStarted, JsonSerializer.SerializeToUtf8Bytes(deployment, NyalaJson.Wire.DeploymentEvent))
        {
            Id = IdSource.At(now),
            Time = now,
            Site = site,
        };
    }

    private static bool Fails(string? name) => name is "failed" or "broke" or "still_failing";
}
