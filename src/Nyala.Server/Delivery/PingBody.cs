using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Server.Delivery;

/// <summary>
/// What a ping sends: a deployment's fields, so that a receiver which knows those alone reads it too, and the ping's own. Its status claims
/// neither success nor failure, since receivers act on either. Pure.
/// </summary>
internal static class PingBody
{
    public const string Status = "ping";

    /// <summary>The bytes of a ping.</summary>
    /// <param name="hook">The hook's id.</param>
    /// <param name="site">The site it hears; the default one where it hears every.</param>
    /// <param name="host">That site's host.</param>
    /// <param name="now">The time.</param>
    public static byte[] Of(string hook, string site, string host, DateTimeOffset now)
    {
        JsonObject body = JsonSerializer.SerializeToNode(
            new DeploymentEvent
            {
                Id = "",
                Status = Status,
                StatusText = "This is a ping.",
                Author = "Nyala",
                Message = "This is a ping: nothing was deployed.",
                Deployer = "Nyala",
                ReceivedTime = now,
                StartTime = now,
                EndTime = now,
                Complete = true,
                SiteName = site,
                HostName = host,
            },
            NyalaJson.Wire.DeploymentEvent)!.AsObject();
        body["event"] = EventTypes.Ping;
        body["hookId"] = hook;
        body["time"] = KuduTime.Format(now);
        return Encoding.UTF8.GetBytes(body.ToJsonString(NyalaJson.Wire.Options));
    }
}
