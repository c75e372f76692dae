using Nyala.Server.Outbound;

namespace Nyala.Tests.Outbound;

public sealed class AttemptOutcomeTests
{
    [Theory]
    [InlineData(200, "OK")]
    [InlineData(201, "Created")]
    [InlineData(202, "Accepted")]
    [InlineData(204, "NoContent")]
    [InlineData(302, "Redirect", "Found")]
    [InlineData(404, "NotFound")]
    [InlineData(410, "Gone")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(500, "InternalServerError")]
    [InlineData(503, "ServiceUnavailable")]
    [InlineData(299, "299")]
    [InlineData(499, "499")]
    [InlineData(599, "599")]
    public void The_status_name_is_the_name_in_HttpStatusCode_or_the_number(int status, params string[] names) =>
        Assert.Contains(Outcome(status).StatusName, names);

    [Fact]
    public void The_status_name_is_Failure_if_there_was_no_response() => Assert.Equal("Failure", Outcome(null).StatusName);

    [Theory]
    [InlineData(199, false)]
    [InlineData(200, true)]
    [InlineData(299, true)]
    [InlineData(300, false)]
    [InlineData(null, false)]
    public void Only_2xx_succeeds(int? status, bool succeeded) => Assert.Equal(succeeded, Outcome(status).Succeeded);

    private static AttemptOutcome Outcome(int? status) =>
        new(status is null ? OutcomeKind.Unanswered : OutcomeKind.Answered, DateTimeOffset.UnixEpoch, TimeSpan.Zero, status);
}
