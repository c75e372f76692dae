using Nyala.Client;
using Nyala.Server.Http;
using Nyala.Server.Secrets;

namespace Nyala.Server.Deployments;

/// <summary>A well-formed report of a run.</summary>
internal sealed record ReportForm
{
    private const int MaxKey = 128;

    public required DeploymentStatus Status { get; init; }

    public string? StatusText { get; init; }

    public string? Message { get; init; }

    public string? Deployer { get; init; }

    public string? Author { get; init; }

    public string? AuthorEmail { get; init; }

    public string? Progress { get; init; }

    public string? Branch { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    public bool? Active { get; init; }

    public string? Details { get; init; }

    public string? Key { get; init; }

    public TimeSpan? SilentAfter { get; init; }

    /// <summary>Why a performed run ended before it could write its log; null if it wrote its log. The reason becomes the last line of the log.</summary>
    public string? LastLine { get; init; }

    /// <summary>Whether this server performs the deployment. A request cannot set it.</summary>
    public bool Performed { get; init; }

    /// <summary>The token of the request that contains the report; null if this server makes the report. It is masked in the report.</summary>
    public string? Token { get; init; }

    public bool Ends => Status is DeploymentStatus.Failed or DeploymentStatus.Success;

    /// <summary>Reads a report. Returns null, and adds errors to the fields, if a field is not valid.</summary>
    public static ReportForm? Read(JsonFields fields)
    {
        var form = new ReportForm
        {
            Status = (DeploymentStatus)(fields.Number("status", (int)DeploymentStatus.Pending, (int)DeploymentStatus.Success) ?? 0),
            StatusText = fields.Text("status_text", TextLimit.Message),
            Message = Filled(fields.Text("message", TextLimit.Message)),
            Deployer = Filled(fields.Text("deployer", TextLimit.Name)),
            Author = Filled(fields.Text("author", TextLimit.Name)),
            AuthorEmail = fields.Text("author_email", TextLimit.Name),
            Progress = fields.Text("progress", TextLimit.Message),
            Branch = Filled(fields.Text("branch", TextLimit.Name)),
            Started = fields.Time("start_time"),
            Ended = fields.Time("end_time"),
            Active = fields.Flag("active"),
            Details = Filled(fields.Text("details")),
            Key = Filled(fields.Text("run", MaxKey)),
            SilentAfter = fields.Number("silent_after", 10, 7 * 24 * 3600) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        if (form.Started > form.Ended)
        {
            fields.Refuse("end_time", "'end_time' is before 'start_time'.");
        }

        if (form.Ended is not null && !form.Ends)
        {
            fields.Refuse("end_time", "'end_time' is allowed only if the deployment has ended, with status 3 (failed) or 4 (success).");
        }

        return fields.Errors.Count == 0 ? form : null;
    }

    /// <summary>Returns the report with its output masked: texts that go into the log, and the reason of a failure, which goes to webhooks.</summary>
    public ReportForm With(TextMask mask) => this with
    {
        StatusText = mask.Apply(StatusText),
        Progress = mask.Apply(Progress),
        Details = mask.Apply(Details),
        LastLine = mask.Apply(LastLine),
    };

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
