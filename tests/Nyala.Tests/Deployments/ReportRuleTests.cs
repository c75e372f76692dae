using CsCheck;
using Nyala.Client;
using Nyala.Server.Deployments;
using Nyala.Server.Storage;

namespace Nyala.Tests.Deployments;

public sealed class ReportRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);
    private static readonly RunRecord Blank = new() { Id = 99, Site = "default", Deployment = "abc", SilentAfter = TimeSpan.FromHours(1) };

    private static readonly Gen<DeploymentStatus> Statuses = Gen.Enum<DeploymentStatus>();

    /// <summary>Generates reports: a status, one of two keys or none, with or without times.</summary>
    private static readonly Gen<ReportForm> Reports = Gen.Select(
        Statuses, OneOf<string?>(null, "k1", "k2"), Gen.Int[-60, 60], Gen.Bool, OneOf<bool?>(null, true, false),
        (status, key, offset, timed, active) => Report(status, key) with
        {
            Started = timed ? Now.AddSeconds(offset - 30) : null,
            Ended = timed && status >= DeploymentStatus.Failed ? Now.AddSeconds(offset) : null,
            Active = active,
        });

    [Theory]
    [InlineData(DeploymentStatus.Pending, EventTypes.DeploymentStarted)]
    [InlineData(DeploymentStatus.Building, EventTypes.DeploymentStarted)]
    [InlineData(DeploymentStatus.Deploying, EventTypes.DeploymentStarted)]
    [InlineData(DeploymentStatus.Failed, EventTypes.PostDeployment)]
    [InlineData(DeploymentStatus.Success, EventTypes.PostDeployment)]
    public void The_first_report_starts_run_1(DeploymentStatus status, string fires)
    {
        ReportVerdict.Write write = Written(Report(status), null, null);

        Assert.Equal((true, fires, 1, status), (write.IsNew, write.Event, write.Run.Number, write.Run.Status));
        Assert.Equal((Now, Now, write.Run.Ended is null ? null : (DateTimeOffset?)Now), (write.Run.Received, write.Run.Started, write.Run.Ended));
        Assert.Equal((99, "default", "abc"), (write.Run.Id, write.Run.Site, write.Run.Deployment));
    }

    [Theory]
    [InlineData("message")]
    [InlineData("deployer")]
    [InlineData("author")]
    public void The_first_report_requires_a_message_a_deployer_and_an_author(string field)
    {
        ReportForm report = Report(DeploymentStatus.Success);
        report = field switch
        {
            "message" => report with { Message = null },
            "deployer" => report with { Deployer = null },
            _ => report with { Author = null },
        };

        Assert.Equal([field], Assert.IsType<ReportVerdict.Missing>(ReportRule.Judge(report, null, null, Blank, Now)).Fields);
    }

    [Fact]
    public void All_missing_fields_are_reported_at_once() => Assert.Equal(
        ["message", "deployer", "author"],
        Assert.IsType<ReportVerdict.Missing>(ReportRule.Judge(new ReportForm { Status = DeploymentStatus.Success }, null, null, Blank, Now)).Fields);

    [Fact]
    public void A_later_report_needs_only_the_fields_that_change()
    {
        RunRecord running = Running() with { AuthorEmail = "ann@example.com", Branch = "main", Progress = "half" };

        RunRecord run = Written(new ReportForm { Status = DeploymentStatus.Success, StatusText = "Done." }, null, running).Run;

        Assert.Equal(
            ("Ship it", "CI", "Ann", "ann@example.com", "main", "", "Done."),
            (run.Message, run.Deployer, run.Author, run.AuthorEmail, run.Branch, run.Progress, run.StatusText));
        Assert.Equal((running.Id, running.Started, running.Received, Now), (run.Id, run.Started, run.Received, run.Ended!.Value));
    }

    [Fact]
    public void A_progress_report_is_stored_and_raises_no_event()
    {
        ReportVerdict.Write write = Written(new ReportForm { Status = DeploymentStatus.Deploying, Progress = "2 of 3" }, null, Running());

        Assert.Equal((false, null, "2 of 3", Now), (write.IsNew, write.Event, write.Run.Progress, write.Run.Heard));
    }

    [Fact]
    public void A_report_without_a_key_for_an_ended_deployment_is_a_conflict() =>
        Assert.IsType<ReportVerdict.Exists>(ReportRule.Judge(Report(DeploymentStatus.Success), null, Ended(), Blank, Now));

    [Fact]
    public void A_repeated_key_returns_the_existing_run()
    {
        RunRecord ended = Ended() with { Key = "k1" };

        ReportVerdict verdict = ReportRule.Judge(Report(DeploymentStatus.Failed, "k1"), ended, ended, Blank, Now);

        Assert.Same(ended, Assert.IsType<ReportVerdict.Repeat>(verdict).Run);
    }

    [Fact]
    public void A_new_key_for_an_ended_deployment_starts_the_next_run()
    {
        ReportVerdict.Write write = Written(Report(DeploymentStatus.Success, "k2"), null, Ended() with { Number = 4, Key = "k1" });

        Assert.Equal((true, 5, "k2", EventTypes.PostDeployment), (write.IsNew, write.Run.Number, write.Run.Key, write.Event));
    }

    [Fact]
    public void The_key_of_an_older_run_updates_that_run()
    {
        RunRecord older = Running() with { Id = 5, Key = "k1" };
        RunRecord newer = Running() with { Id = 6, Number = 2, Key = "k2" };

        ReportVerdict.Write write = Written(Report(DeploymentStatus.Success, "k1"), older, newer);

        Assert.Equal((5, false), (write.Run.Id, write.IsNew));
    }

    [Theory]
    [InlineData(DeploymentStatus.Pending)]
    [InlineData(DeploymentStatus.Deploying)]
    [InlineData(DeploymentStatus.Failed)]
    public void Only_a_success_can_be_active(DeploymentStatus status) =>
        Assert.IsType<ReportVerdict.FailedActive>(ReportRule.Judge(Report(status) with { Active = true }, null, null, Blank, Now));

    [Fact]
    public void A_reported_end_before_the_start_is_refused()
    {
        ReportForm report = Report(DeploymentStatus.Success) with { Ended = Now.AddHours(-2) };

        Assert.IsType<ReportVerdict.EndsBeforeStart>(ReportRule.Judge(report, null, Running(), Blank, Now));
    }

    [Fact]
    public void An_end_is_recorded_at_the_start_time_if_the_clock_was_set_back()
    {
        RunRecord running = Running() with { Started = Now.AddMinutes(3) };

        RunRecord run = Written(Report(DeploymentStatus.Success), null, running).Run;

        Assert.Equal((Now.AddMinutes(3), Now.AddMinutes(3)), (run.Started, run.Ended!.Value));
    }

    [Fact]
    public void A_past_deployment_without_a_start_time_starts_at_its_end_time()
    {
        RunRecord run = Written(Report(DeploymentStatus.Success) with { Ended = Now.AddDays(-1) }, null, null).Run;

        Assert.Equal((Now.AddDays(-1), Now.AddDays(-1), Now), (run.Started, run.Ended!.Value, run.Received));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("k1")]
    public void The_late_end_of_a_run_that_was_given_up_is_accepted_once(string? key)
    {
        RunRecord givenUp = Ended() with { Key = key, Status = DeploymentStatus.Failed, GivenUp = true };
        ReportForm end = Report(DeploymentStatus.Success, key);

        ReportVerdict.Write late = Written(end, key is null ? null : givenUp, givenUp);
        ReportVerdict again = ReportRule.Judge(end, key is null ? null : late.Run, late.Run, Blank, Now);

        Assert.Equal((EventTypes.PostDeployment, DeploymentStatus.Success, false), (late.Event, late.Run.Status, late.Run.GivenUp));
        Assert.True(key is null ? again is ReportVerdict.Exists : again is ReportVerdict.Repeat);
    }

    [Fact]
    public void A_run_that_was_given_up_does_not_start_again()
    {
        RunRecord givenUp = Ended() with { Key = "k1", Status = DeploymentStatus.Failed, GivenUp = true };

        Assert.IsType<ReportVerdict.Repeat>(ReportRule.Judge(Report(DeploymentStatus.Deploying, "k1"), givenUp, givenUp, Blank, Now));
    }

    [Fact]
    public void Each_run_starts_at_most_once_and_ends_exactly_once_whatever_is_reported() =>
        Reports.Array[1, 30].Sample(reports =>
        {
            var runs = new List<RunRecord>();
            var started = new List<int>();
            var ended = new List<int>();
            foreach (ReportForm report in reports)
            {
                RunRecord? byKey = runs.Find(run => run.Key is not null && run.Key == report.Key);
                RunRecord blank = Blank with { Id = 100 + runs.Count };
                if (ReportRule.Judge(report, byKey, runs.LastOrDefault(), blank, Now) is ReportVerdict.Write write)
                {
                    runs.RemoveAll(run => run.Number == write.Run.Number);
                    runs.Add(write.Run);
                    runs.Sort((a, b) => a.Number.CompareTo(b.Number));
                    (write.Event switch { EventTypes.PostDeployment => ended, EventTypes.DeploymentStarted => started, _ => [] }).Add(write.Run.Number);
                    Assert.Equal(write.Run.Status >= DeploymentStatus.Failed, write.Run.Ended is not null);
                    Assert.True(write.Run.Ended is null || write.Run.Ended >= write.Run.Started);
                }
            }

            Assert.Equal(started.Distinct(), started);
            Assert.Equal(ended.Distinct().Order(), ended.Order());
            Assert.Equal(runs.Where(run => run.Ended is not null).Select(run => run.Number), ended.Order());
            Assert.Equal(Enumerable.Range(1, runs.Count), runs.Select(run => run.Number));
        });

    [Fact]
    public void A_repeated_report_with_a_key_raises_no_second_event() =>
        Reports.Where(report => report.Key is not null && report.Ends && (report.Active != true || report.Status == DeploymentStatus.Success)).Sample(report =>
        {
            ReportVerdict.Write first = Written(report, null, null);

            Assert.Equal(first.Run, Assert.IsType<ReportVerdict.Repeat>(ReportRule.Judge(report, first.Run, first.Run, Blank, Now.AddMinutes(1))).Run);
        });

    private static ReportVerdict.Write Written(ReportForm report, RunRecord? byKey, RunRecord? latest) =>
        Assert.IsType<ReportVerdict.Write>(ReportRule.Judge(report, byKey, latest, Blank, Now));

    private static ReportForm Report(DeploymentStatus status, string? key = null) =>
        new() { Status = status, Message = "Ship it", Deployer = "CI", Author = "Ann", Key = key };

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static RunRecord Running() => Blank with
    {
        Id = 7,
        Status = DeploymentStatus.Building,
        Message = "Ship it",
        Deployer = "CI",
        Author = "Ann",
        Received = Now.AddHours(-1),
        Started = Now.AddHours(-1),
        Heard = Now.AddMinutes(-1),
    };

    private static RunRecord Ended() => Running() with { Status = DeploymentStatus.Success, Ended = Now.AddMinutes(-1) };
}
