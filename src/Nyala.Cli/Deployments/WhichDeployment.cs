using System.Net;
using Nyala.Client;

namespace Nyala.Cli.Deployments;

/// <summary>Which deployment is meant: one's id, <c>latest</c>, or the beginning of a commit's as git shortens it.</summary>
internal static class WhichDeployment
{
    public const string Description = "The deployment's id, at least four characters of its beginning, or latest.";

    private const string Latest = "latest";
    private const int Shortest = 4;
    private const int Whole = 40;

    // What the server lists at most at a time: whoever shortens an id means a recent deployment.
    private const int Recent = 1000;

    /// <summary>Finds its id. Text that stands for no deployment is given back as it is: the server says so.</summary>
    /// <exception cref="CommandFailure">Several begin so.</exception>
    public static async Task<string> FindAsync(NyalaClient client, string text, CancellationToken cancellationToken)
    {
        if (text == Latest)
        {
            return (await client.GetLatestDeploymentAsync(cancellationToken)).Id;
        }

        if (text.Length is < Shortest or >= Whole || !text.All(char.IsAsciiHexDigit) || await IsThereAsync(client, text, cancellationToken))
        {
            return text;
        }

        string[] ids = [.. (await client.ListDeploymentsAsync(Recent, cancellationToken: cancellationToken))
            .Select(deployment => deployment.Id)
            .Where(id => id.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            .Distinct(StringComparer.Ordinal)];
        return ids switch
        {
            [] => text,
            [string id] => id,
            _ => throw new CommandFailure($"{ids.Length} deployments begin with {text}: {string.Join(", ", ids.Take(10))}{(ids.Length > 10 ? ", …" : "")}. Give more of the id."),
        };
    }

    private static async Task<bool> IsThereAsync(NyalaClient client, string id, CancellationToken cancellationToken)
    {
        try
        {
            await client.GetDeploymentAsync(id, cancellationToken);
            return true;
        }
        catch (NyalaException error) when (error.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
