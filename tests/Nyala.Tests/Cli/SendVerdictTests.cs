using System.Net;
using System.Text.Json;
using Nyala.Cli.Spool;
using Nyala.Client;
using Nyala.Tests.Cli.Support;

namespace Nyala.Tests.Cli;

public sealed class SendVerdictTests
{
    [Theory]
    [InlineData(400, nameof(SendOutcome.Refused))]
    [InlineData(401, nameof(SendOutcome.Unauthorized))]
    [InlineData(403, nameof(SendOutcome.Forbidden))]
    [InlineData(404, nameof(SendOutcome.Refused))]
    [InlineData(408, nameof(SendOutcome.Down))]
    [InlineData(409, nameof(SendOutcome.Refused))]
    [InlineData(413, nameof(SendOutcome.Refused))]
    [InlineData(429, nameof(SendOutcome.Down))]
    [InlineData(500, nameof(SendOutcome.Failed))]
    [InlineData(503, nameof(SendOutcome.Down))]
    [InlineData(302, nameof(SendOutcome.Down))]
    public async Task The_status_code_decides_what_happens_to_a_report(int status, string outcome)
    {
        await using FakeNyala server = await FakeNyala.StartAsync(_ => (status, """{"detail":"Because."}"""));
        using var client = new NyalaClient(server.Address, null);

        NyalaException error = await Assert.ThrowsAsync<NyalaException>(() => client.GetHookAsync("1", TestContext.Current.CancellationToken));

        Assert.Equal((HttpStatusCode)status, error.Status);
        Assert.Equal(new SendVerdict(Enum.Parse<SendOutcome>(outcome), "Because"), SendVerdict.Of(error));
    }

    [Fact]
    public void A_missing_or_invalid_response_counts_as_a_server_that_is_down()
    {
        Assert.Equal(new SendVerdict(SendOutcome.Down, "refused"), SendVerdict.Of(new HttpRequestException("x", new IOException("refused"))));
        Assert.Equal(SendOutcome.Down, SendVerdict.Of(new TaskCanceledException())!.Outcome);
        Assert.Equal(SendOutcome.Down, SendVerdict.Of(new JsonException())!.Outcome);
    }

    [Fact]
    public void An_unrelated_exception_has_no_verdict() => Assert.Null(SendVerdict.Of(new InvalidOperationException()));
}
