using System.Reflection;
using OpenTelemetry.Resources;

namespace Nyala.Server.Telemetry;

/// <summary>Identifies this server in metrics and spans.</summary>
internal static class Identity
{
    private static readonly string Version = typeof(Identity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static void Describe(ResourceBuilder resource) => resource.AddService("nyala", serviceVersion: Version, serviceInstanceId: Environment.MachineName);
}
