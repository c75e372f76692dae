namespace Nyala.Server.Deployments;

/// <summary>Options of the section <c>Deployments</c>.</summary>
internal sealed class DeploymentOptions
{
    /// <summary>
    /// After how long without a report or a log line a running deployment is given up as failed, where its reporter did not
    /// say. Counted from the server's start at the earliest. Default 1 h; 10 s to 7 d.
    /// </summary>
    public TimeSpan SilentAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many bytes of log a run keeps, each line counted with 64 bytes more; past it the middle is dropped. Default 10485760; 1024 to 1073741824.</summary>
    public int LogLimit { get; set; } = 10 * 1024 * 1024;

    public IEnumerable<string> Validate()
    {
        if (SilentAfter < TimeSpan.FromSeconds(10) || SilentAfter > TimeSpan.FromDays(7))
        {
            yield return $"Deployments:SilentAfter is {SilentAfter}: it must be from 10 s to 7 d.";
        }

        if (LogLimit is < 1024 or > 1024 * 1024 * 1024)
        {
            yield return $"Deployments:LogLimit is {LogLimit}: it must be from 1024 to 1073741824 bytes.";
        }
    }
}
