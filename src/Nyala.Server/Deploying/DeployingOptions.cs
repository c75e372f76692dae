using Nyala.Server.Deploying.Zip;

namespace Nyala.Server.Deploying;

/// <summary>Options of the section <c>Deploying</c>: limits of the deployments that this server performs.</summary>
internal sealed class DeployingOptions
{
    /// <summary>
    /// The maximum run time of a deploy command. When it is exceeded, the command and every process that it started are ended. Default 30 min; 1 s to 1 d.
    /// </summary>
    public TimeSpan CommandLimit { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The maximum time to fetch a commit or a zip from another server. Default 10 min; 1 s to 1 d.</summary>
    public TimeSpan FetchLimit { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The maximum size of one push in bytes, as packed by git. Default 2147483648 (2 GiB); 1024 to 1099511627776.</summary>
    public long PushSize { get; set; } = 2L * 1024 * 1024 * 1024;

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

        if (PushSize is < 1024 or > 1L << 40)
        {
            yield return $"Deploying:PushSize is {PushSize}: it must be from 1024 to {1L << 40} bytes.";
        }

        foreach (string error in Zip.Validate())
        {
            yield return error;
        }
    }
}
