using Nyala.Server.Deploying.Zip;

namespace Nyala.Server.Deploying;

/// <summary>Options of the section <c>Deploying</c>: deployments that this server performs.</summary>
internal sealed class DeployingOptions
{
    /// <summary>
    /// How long a deploy command may run before it is ended with all that it started. Default 30 min; 1 s to 1 d.
    /// </summary>
    public TimeSpan CommandLimit { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long it may take to fetch a commit from another server. Default 10 min; 1 s to 1 d.</summary>
    public TimeSpan FetchLimit { get; set; } = TimeSpan.FromMinutes(10);

    public ZipOptions Zip { get; set; } = new();

    public IEnumerable<string> Validate()
    {
        if (CommandLimit < TimeSpan.FromSeconds(1) || CommandLimit > TimeSpan.FromDays(1))
        {
            yield return $"Deploying:CommandLimit is {CommandLimit}: it must be from 1 s to 1 d.";
        }

        if (FetchLimit < TimeSpan.FromSeconds(1) || FetchLimit > TimeSpan.FromDays(1))
        {
            yield return $"Deploying:FetchLimit is {FetchLimit}: it must be from 1 s to 1 d.";
        }

        foreach (string error in Zip.Validate())
        {
            yield return error;
        }
    }
}
