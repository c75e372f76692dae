using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>What becomes of a request to deploy from elsewhere.</summary>
internal abstract record FetchVerdict
{
    private FetchVerdict()
    {
    }

    /// <summary>Another deployment is in progress at the site.</summary>
    public sealed record Busy : FetchVerdict;

    /// <summary>The server stops. Nothing has begun.</summary>
    public sealed record Stopping : FetchVerdict;

    /// <summary>The repository cannot be reached, or has not what was asked for. Nothing has begun.</summary>
    public sealed record Refused(string Reason) : FetchVerdict;

    /// <summary>It has begun.</summary>
    public sealed record Begun(Performance Performance) : FetchVerdict;

    /// <summary>It is recorded, and begins once the deployment in progress has ended.</summary>
    public sealed record Waits(RunRecord Run) : FetchVerdict;
}
