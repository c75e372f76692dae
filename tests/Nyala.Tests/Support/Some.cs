using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json.Nodes;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Tests.Support;

/// <summary>Creates values that a test needs but that do not matter to it. Names are unique, so that tests can share a server.</summary>
internal static class Some
{
    private static int _count;

    public static string Site() => "site-" + Number();

    public static string Url() => "http://127.0.0.1:9" + Callback();

    /// <summary>Returns the unique path of a callback. The system reuses free ports, so a port alone does not make a URL unique.</summary>
    public static string Callback() => "/callback/" + Number();

    /// <summary>Returns an id in the form of a commit id.</summary>
    public static string DeploymentId() => int.Parse(Number(), CultureInfo.InvariantCulture).ToString("x40", CultureInfo.InvariantCulture);

    public static string RunKey() => "run-" + Number();

    public static string EventType() => "Event-" + Number();

    public static JsonObject Hook(string? url = null, string type = "PostDeployment") => new() { ["url"] = url ?? Url(), ["event"] = type };

    /// <summary>Returns a report with all the fields that the first report of a run requires.</summary>
    public static JsonObject Report(int status = 4, string? run = null)
    {
        var report = new JsonObject
        {
            ["status"] = status,
            ["message"] = "My fix",
            ["deployer"] = "CI",
            ["author"] = "Someone",
            ["author_email"] = "someone@example.com",
        };
        if (run is not null)
        {
            report["run"] = run;
        }

        return report;
    }

    /// <summary>Returns a hook as the store returns it, for a test without a server.</summary>
    public static HookRecord StoredHook(long id) =>
        new() { Id = id, Event = "PostDeployment", Url = "http://127.0.0.1:9/" + id, Secret = "x", Created = SignalClock.Beginning };

    /// <summary>Returns a delivery that has not been attempted, of the event with the same id.</summary>
    public static DueDelivery Due(long id, byte[]? body = null) =>
        new(id, id, "PostDeployment", body ?? [], Spent: 0, Free: 0, Earlier: 0, SignalClock.Beginning, SignalClock.Beginning, Trace: null, Chain: 0) { Site = "web" };

    public static StorageInstruments StorageInstruments() => new(new Meter("tests"));

    public static OutboundInstruments OutboundInstruments() => new(new Meter("tests"));

    private static string Number() => Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
}
