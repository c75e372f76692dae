using System.Text.Json.Nodes;
using Nyala.Cli.Connection;
using Nyala.Cli.Spool;
using Nyala.Client;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary>The warning about a token that expires soon. It is printed in the output of the job, where its owner sees it.</summary>
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
    public void The_notice_appears_in_the_last_fourteen_days_of_a_token(double days, string? left)
    {
        string? notice = TokenNotice.Of(Now.AddDays(days), Now);

        Assert.Equal(left is null, notice is null);
        Assert.Contains(left ?? "", notice ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_without_an_expiry_has_no_notice() => Assert.Null(TokenNotice.Of(null, Now));

    [Fact]
    public async Task A_run_warns_if_its_token_expires_soon()
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.Contains("nyala: the token expires in 4 days, on ", await RunAsync(server, await SoonAsync(server), "run", "--", "true"), StringComparison.Ordinal);
        Assert.DoesNotContain("expires", await RunAsync(server, TestServer.Token, "run", "--", "true"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spool_send_warns_if_its_token_expires_soon()
    {
        await using TestServer server = await TestServer.StartAsync();
        string run = new('a', 32);
        ReportStore.Of(_place.StateFolder, new ServerTarget(server.Address, null)).Add(
            SpoolName.Next(Now, run, 0).Name, SpooledReport.Of(null, "d1", run, new DeploymentReport { Status = DeploymentStatus.Success }), server.Address.AbsoluteUri.TrimEnd('/'));

        Assert.Contains("nyala: the token expires in 4 days, on ", await RunAsync(server, await SoonAsync(server), "spool", "send"), StringComparison.Ordinal);
    }

    /// <summary>Creates a token that expires in less than five days.</summary>
    private static async Task<string> SoonAsync(TestServer server)
    {
        string end = TimeProvider.System.GetUtcNow().AddDays(5).ToString("O");
        return (await server.PostAsync("/api/tokens", new JsonObject { ["name"] = "ci", ["scopes"] = new JsonArray("deploy"), ["expires"] = end }))["token"];
    }

    private async Task<string> RunAsync(TestServer server, string token, params string[] arguments)
    {
        using NyalaProcess run = _place.Start(server.Address, [("NYALA_TOKEN", token)], arguments);
        return (await run.EndAsync()).Error;
    }
}
