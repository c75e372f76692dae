using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Server.Delivery;

/// <summary>
/// Creates the body of a ping. It has the fields of a deployment, so that receivers that expect these can read it, and its own: <c>event</c> says that it is a ping.
/// Its status is <c>success</c>, because Kudu's receivers report every other status as a failed deployment. Pure.
/// </summary>
internal static class PingBody
{
    /// <summary>Returns the body of a ping.</summary>
    /// <param name="hook">The hook's id.</param>
    /// <param name="site">The site of the hook; the default site for a hook at the root.</param>
    /// <param name="host">The host name of that site.</param>
    /// <param name="now">The current time.</param>
    public static byte[] Of(string hook, string site, string host, DateTimeOffset now)
    {
        JsonObject body = JsonSerializer.SerializeToNode(
            new DeploymentEvent
            {
                Id = "",
                Status = "success",
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
