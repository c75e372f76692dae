using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>The outcome of a request to deploy from another repository.</summary>
internal abstract record FetchVerdict
{
    private FetchVerdict()
    {
    }

    /// <summary>The run that has begun or waits; null if there is none.</summary>
    public virtual RunRecord? Run => null;

    /// <summary>Another deployment is in progress at the site.</summary>
    public sealed record Busy(string Text) : FetchVerdict;

    /// <summary>The server is stopping. Nothing has begun.</summary>
    public sealed record Stopping : FetchVerdict;

    /// <summary>The repository cannot be reached, or does not have what was requested. Nothing has begun.</summary>
    public sealed record Refused(string Reason) : FetchVerdict;

    /// <summary>The push was accepted before.</summary>
    /// <param name="Push">The record of the accepted push.</param>
    /// <param name="Of">The run that it led to.</param>
    public sealed record Duplicate(PushWebhookRecord Push, RunRecord Of) : FetchVerdict;

    /// <summary>The pushed commit is deployed already, or another one supersedes it.</summary>
    /// <param name="Why">The explanation, for people.</param>
    /// <param name="Taken">The run of the superseding commit, if this push has caused it; otherwise null.</param>
    public sealed record Superseded(string Why, RunRecord? Taken) : FetchVerdict
    {
        public override RunRecord? Run => Taken;
    }

    /// <summary>The deployment has begun.</summary>
    public sealed record Started(RunningDeployment RunningDeployment) : FetchVerdict
    {
        public override RunRecord? Run => RunningDeployment.Run;
    }

    /// <summary>The deployment is recorded, and begins when the one in progress has ended.</summary>
    public sealed record Queued(RunRecord Waiting) : FetchVerdict
    {
        public override RunRecord? Run => Waiting;
    }
}
