namespace Nyala.Server.Deployments;

/// <summary>Options of the section <c>Deployments</c>.</summary>
internal sealed class DeploymentOptions
{
    /// <summary>
    /// How long a running deployment may go without a report or a log line before it is recorded as failed, unless its reporter set another time. The time
    /// counts from the server's start at the earliest. Default 1 h; 10 s to 7 d.
    /// </summary>
    public TimeSpan SilentAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The maximum size of a run's log in bytes. Each line counts as 64 bytes more than its text. Beyond the limit, the middle of the log is dropped. Default
    /// 10485760; 1024 to 1073741824.
    /// </summary>
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
