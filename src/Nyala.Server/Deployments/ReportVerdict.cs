using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>What a report comes to.</summary>
internal abstract record ReportVerdict
{
    private ReportVerdict()
    {
    }

    /// <summary>Write this run and tell the hooks, where <paramref name="Event"/> names a type.</summary>
    public sealed record Write(RunRecord Run, bool IsNew, string? Event) : ReportVerdict
    {
        /// <summary>Whether nobody had named the site before.</summary>
        public bool SiteIsNew { get; init; }
    }

    /// <summary>It was said before: answer the same, change nothing, fire nothing.</summary>
    public sealed record Repeat(RunRecord Run) : ReportVerdict;

    /// <summary>409: the deployment has ended, and the report has no key of a new run.</summary>
    public sealed record Exists : ReportVerdict;

    /// <summary>400: a deployment that failed cannot be the one that its site runs.</summary>
    public sealed record FailedActive : ReportVerdict;

    /// <summary>400: the first report of a run must say these.</summary>
    public sealed record Missing(IReadOnlyList<string> Fields) : ReportVerdict;

    /// <summary>400: the run would end before it began.</summary>
    public sealed record EndsBeforeStart : ReportVerdict;
}
