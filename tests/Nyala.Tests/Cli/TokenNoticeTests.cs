using System.Text.Json.Nodes;
using Nyala.Cli.Connection;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary>A token that expires soon is warned of where its owner looks: in the output of the job.</summary>
public sealed class TokenNoticeTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 0, TimeSpan.Zero);

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(14.1, null)]
    [InlineData(13.9, "in 13 days")]
    [InlineData(1.5, "in 1 day")]
    [InlineData(0.5, "in less than a day")]
    public void The_last_fourteen_days_are_said(double days, string? left)
    {
        string? notice = TokenNotice.Of(Now.AddDays(days), Now);

        Assert.Equal(left is null, notice is null);
        Assert.Contains(left ?? "", notice ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_without_an_end_is_not_warned_of() => Assert.Null(TokenNotice.Of(null, Now));

    [Fact]
    public async Task A_run_warns_of_the_token_that_it_reports_with()
    {
        await using TestServer server = await TestServer.StartAsync();
        string end = TimeProvider.System.GetUtcNow().AddDays(5).ToString("O");
        string soon = (await server.PostAsync("/api/tokens", new JsonObject { ["name"] = "ci", ["scopes"] = new JsonArray("deploy"), ["expires"] = end }))["token"];

        Assert.Contains("nyala: the token expires in 4 days, on ", await RunAsync(server, soon), StringComparison.Ordinal);
        Assert.DoesNotContain("expires", await RunAsync(server, TestServer.Token), StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(TestServer server, string token)
    {
        using NyalaProcess run = _place.Start(server.Address, [("NYALA_TOKEN", token)], "run", "--", "true");
        return (await run.EndAsync()).Error;
    }
}
