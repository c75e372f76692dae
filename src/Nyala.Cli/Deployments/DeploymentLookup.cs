using System.Net;
using Nyala.Client;

namespace Nyala.Cli.Deployments;

/// <summary>Which deployment is meant: one's id, <c>latest</c>, or the beginning of one, as git shortens a commit's.</summary>
internal static class DeploymentLookup
{
    public const string Description = "The deployment's ID, its first four or more characters, or latest.";

    /// <summary>The most that the server lists at once. A shortened id, or a cancel, means a recent deployment.</summary>
    public const int Recent = 1000;

    private const string Latest = "latest";
    private const int Shortest = 4;
    private const int Whole = 40;

    /// <summary>
    /// Finds its id, and the client to use it with: at the root the latest is known by its site too, since another may have the same commit. Text that stands for no
    /// deployment is given back as it is: the server says so.
    /// </summary>
    /// <exception cref="CommandFailure">Several begin so.</exception>
    public static async Task<(NyalaClient Client, string Id)> FindAsync(NyalaClient client, string text, CancellationToken cancellationToken)
    {
        if (text == Latest)
        {
            return At(client, await client.GetLatestDeploymentAsync(cancellationToken));
        }

        if (text.Length is < Shortest or >= Whole || await IsThereAsync(client, text, cancellationToken))
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

    /// <summary>A deployment that was found, at its site.</summary>
    public static (NyalaClient Client, string Id) At(NyalaClient client, Deployment found) => (client.ForSite(found.SiteName), found.Id);

    private static async Task<bool> IsThereAsync(NyalaClient client, string id, CancellationToken cancellationToken)
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
