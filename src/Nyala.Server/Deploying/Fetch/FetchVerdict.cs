using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>What becomes of a request to deploy from elsewhere.</summary>
internal abstract record FetchVerdict
{
    private FetchVerdict()
    {
    }

    /// <summary>The run that has begun or waits; null if none does.</summary>
    public virtual RunRecord? Run => null;

    /// <summary>Another deployment is in progress at the site.</summary>
    public sealed record Busy(string Text) : FetchVerdict;

    /// <summary>The server stops. Nothing has begun.</summary>
    public sealed record Stopping : FetchVerdict;

    /// <summary>The repository cannot be reached, or has not what was asked for. Nothing has begun.</summary>
    public sealed record Refused(string Reason) : FetchVerdict;

    /// <summary>The push was accepted before.</summary>
    /// <param name="Push">It, as it was accepted.</param>
    /// <param name="Of">What came of it.</param>
    public sealed record Repeated(PushRecord Push, RunRecord Of) : FetchVerdict;

    /// <summary>The pushed commit is deployed already, or another one is in its place.</summary>
    /// <param name="Why">Which, for a person.</param>
    /// <param name="Taken">The run of the other one, where this push has begun it.</param>
    public sealed record Superseded(string Why, RunRecord? Taken) : FetchVerdict
    {
        public override RunRecord? Run => Taken;
    }

    /// <summary>It has begun.</summary>
    public sealed record Begun(RunningDeployment RunningDeployment) : FetchVerdict
    {
        public override RunRecord? Run => RunningDeployment.Run;
    }

    /// <summary>It is recorded, and begins once the deployment in progress has ended.</summary>
    public sealed record Waits(RunRecord Waiting) : FetchVerdict
    {
        public override RunRecord? Run => Waiting;
    }
}
