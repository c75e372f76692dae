using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>What to do with a report.</summary>
internal abstract record ReportVerdict
{
    private ReportVerdict()
    {
    }

    /// <summary>Write this run, and raise an event if <paramref name="Event"/> names a type.</summary>
    public sealed record Write(RunRecord Run, bool IsNew, string? Event) : ReportVerdict
    {
        /// <summary>Whether the report created the site.</summary>
        public bool SiteIsNew { get; init; }
    }

    /// <summary>The end of this run was reported before. Return the run, change nothing, and raise no event.</summary>
    public sealed record Repeat(RunRecord Run) : ReportVerdict;

    /// <summary>
    /// 409: the deployment has ended and the report has no key of a new run, or a run that this server performs would be mixed with a reported one.
    /// </summary>
    public sealed record Exists : ReportVerdict;

    /// <summary>400: a deployment that has not succeeded cannot be the active one of its site.</summary>
    public sealed record FailedActive : ReportVerdict;

    /// <summary>400: the first report of a run lacks these required fields.</summary>
    public sealed record Missing(IReadOnlyList<string> Fields) : ReportVerdict;

    /// <summary>400: the run would end before it started.</summary>
    public sealed record EndsBeforeStart : ReportVerdict;
}
