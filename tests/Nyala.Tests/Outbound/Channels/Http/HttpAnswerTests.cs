using Nyala.Server.Outbound.Channels.Http;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound.Channels.Http;

/// <summary>How a response is named and described.</summary>
public sealed class HttpAnswerTests
{
    private static readonly DateTimeOffset Now = SignalClock.Beginning;

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
        Assert.Contains(SomeOutcome.Answered(Now, status).StatusName, names);

    [Fact]
    public void The_status_name_is_Failure_if_there_was_no_response() => Assert.Equal("Failure", SomeOutcome.Unanswered(Now).StatusName);

    [Theory]
    [InlineData(199, "other")]
    [InlineData(200, "2xx")]
    [InlineData(299, "2xx")]
    [InlineData(300, "3xx")]
    [InlineData(499, "4xx")]
    [InlineData(599, "5xx")]
    [InlineData(600, "other")]
    public void The_status_class_is_the_first_digit_of_a_known_class(int status, string name) => Assert.Equal(name, SomeOutcome.Answer(Now, status).StatusClass);

    [Theory]
    [InlineData(200, null, "The receiver responded with 200 OK.")]
    [InlineData(200, "/elsewhere", "The receiver responded with 200 OK.")]
    [InlineData(410, null, "The receiver responded with 410 Gone.")]
    [InlineData(599, null, "The receiver responded with 599.")]
    [InlineData(302, null, "The receiver responded with 302 Found.")]
    [InlineData(302, "/elsewhere", "The receiver responded with 302 and a redirect to /elsewhere. Redirects are not followed.")]
    public void The_description_has_the_status_and_the_reason_phrase_or_the_target_of_a_redirect(int status, string? location, string description) =>
        Assert.Equal(description, SomeOutcome.Answer(Now, status, location: location).Description);

    [Theory]
    [InlineData(200)]
    [InlineData(500)]
    public void The_description_quotes_at_most_256_characters_of_the_reason_phrase(int status)
    {
        using var response = new HttpResponseMessage((System.Net.HttpStatusCode)status) { ReasonPhrase = new string('x', 1000) };

        Assert.Equal($"The receiver responded with {status} {new string('x', 256)}….", new HttpAnswer(response, body: null, Now).Description);
    }
}
