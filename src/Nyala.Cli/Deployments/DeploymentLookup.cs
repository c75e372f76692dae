using System.Net;
using Nyala.Client;

namespace Nyala.Cli.Deployments;

/// <summary>Finds a deployment by its ID, by the start of its ID, as git shortens the ID of a commit, or by <c>latest</c>.</summary>
internal static class DeploymentLookup
{
    public const string Description = "The deployment's ID, its first four or more characters, or latest.";

    /// <summary>
    /// The maximum number of deployments that the server lists at once. A shortened ID, or a cancel without an ID, is looked up only among these.
    /// </summary>
    public const int Recent = 1000;

    private const string Latest = "latest";
    private const int MinLength = 4;
    private const int Whole = 40;

    /// <summary>
    /// Returns the ID of the matching deployment, and the client to use with it. If the text is <c>latest</c> or a shortened ID, this is a client for the
    /// deployment's site, because another site may have a deployment of the same commit. Returns the text itself if nothing matches: the server then reports
    /// that it does not exist.
    /// </summary>
    /// <exception cref="CommandFailure">Several deployments start with the text.</exception>
    public static async Task<(NyalaClient Client, string Id)> FindAsync(NyalaClient client, string text, CancellationToken cancellationToken)
    {
        if (text == Latest)
        {
            return At(client, await client.GetLatestDeploymentAsync(cancellationToken));
        }

        if (text.Length is < MinLength or >= Whole || await ExistsAsync(client, text, cancellationToken))
        {
            return (client, text);
        }

        Deployment[] all = [.. (await client.ListDeploymentsAsync(Recent, cancellationToken: cancellationToken))
            .Where(deployment => deployment.Id.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            .DistinctBy(deployment => (deployment.SiteName, deployment.Id))];
        return all switch
        {
            [] => (client, text),
            [Deployment one] => At(client, one),
            _ => throw new CommandFailure(
                $"{all.Length} deployments start with {text}: {string.Join(", ", all.Take(10).Select(one => $"{one.Id} of {one.SiteName}"))}{(all.Length > 10 ? ", …" : "")}. "
                + "Use more characters of the ID, or add --site."),
        };
    }

    /// <summary>Returns the ID of a deployment, and a client for its site.</summary>
    public static (NyalaClient Client, string Id) At(NyalaClient client, Deployment found) => (client.ForSite(found.SiteName), found.Id);

    private static async Task<bool> ExistsAsync(NyalaClient client, string id, CancellationToken cancellationToken)
    {
        try
        {
            await client.GetDeploymentAsync(id, cancellationToken: cancellationToken);
            return true;
        }
        catch (NyalaException error) when (error.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
