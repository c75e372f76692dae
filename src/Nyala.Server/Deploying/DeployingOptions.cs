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

    /// <summary>How many bytes one push may send, packed as git does. Default 2147483648 (2 GiB); 1024 to 1099511627776.</summary>
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
