using System.Globalization;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Deployments;

/// <summary>Formats deployments for people.</summary>
internal static class DeploymentView
{
    public static readonly DetailView<Deployment> Detail = new(NyalaJson.Wire.Deployment, Print);

    public static readonly ListView<IReadOnlyList<Deployment>, Deployment> List = new(
        NyalaJson.Wire.IReadOnlyListDeployment,
        ["ID", "SITE", "RUN", "STATUS", "STARTED", "DURATION", "AUTHOR", "MESSAGE"],
        Row,
        "no deployments yet. Report one with \"nyala run -- COMMAND\".");

    private static IReadOnlyList<string> Row(Deployment deployment) =>
    [
        deployment.Id,
        deployment.SiteName,
        deployment.Run.ToString(CultureInfo.InvariantCulture),
        Status(deployment),
        Display.Time(deployment.StartTime),
        Took(deployment),
        deployment.Author,
        deployment.Message,
    ];

    private static void Print(CommandEnvironment environment, Deployment deployment) => Tables.PrintFields(
        environment,
        [
            ("id", deployment.Id),
            ("site", deployment.SiteName),
            ("run", deployment.Run.ToString(CultureInfo.InvariantCulture)),
            ("status", Status(deployment)),
            ("status text", deployment.StatusText),
            ("progress", deployment.Progress),
            ("message", deployment.Message),
            ("author", deployment.AuthorEmail.Length == 0 ? deployment.Author : $"{deployment.Author} <{deployment.AuthorEmail}>"),
            ("deployer", deployment.Deployer),
            ("branch", deployment.Branch),
            ("received", Display.Time(deployment.ReceivedTime)),
            ("started", Display.Time(deployment.StartTime)),
            ("ended", Display.Time(deployment.EndTime)),
            ("duration", Took(deployment)),
            ("last success", Display.Time(deployment.LastSuccessEndTime)),
            ("url", deployment.Url),
        ]);

    /// <summary>Returns the result of a deployment in one line.</summary>
    public static string Outcome(Deployment deployment)
    {
        string which = $"deployment {deployment.Id}" + (deployment.SiteName.Length > 0 ? $" of {deployment.SiteName}" : "");
        return deployment.Status == DeploymentStatus.Success
            ? $"{which} succeeded in {Took(deployment)}"
            : $"{which} failed: {(deployment.StatusText.Length > 0 ? deployment.StatusText : "no reason given")}";
    }

    private static string Status(Deployment deployment)
    {
        string status = deployment.Status.ToString().ToLowerInvariant();
        return deployment.Active ? status + " (active)" : status;
    }

    private static string Took(Deployment deployment) => deployment.EndTime is { } end ? Display.Duration(end - deployment.StartTime) : "";
}
