using System.CommandLine;
using System.Text.RegularExpressions;
using Nyala.Cli;
using Nyala.Cli.Connection;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary>The server's errors suggest HTTP requests. The command line replaces them with commands.</summary>
public sealed partial class RefusalTextTests
{
    [Theory]
    [InlineData("There is no hook with this id here; GET /api/hooks lists those there are.", "There is no hook with this id here; \"nyala hooks list\" lists those there are.")]
    [InlineData("Resume it: POST /api/hooks/{id}/resume.", "Resume it: \"nyala hooks resume ID\".")]
    [InlineData("Wait: GET /api/redeliveries/7; or stop it: DELETE /api/redeliveries/7.", "Wait: \"nyala deliveries redelivery 7\"; or stop it: \"nyala deliveries redelivery 7 --stop\".")]
    [InlineData("Change it: PATCH /api/sites/shop, or `nyala sites set shop`.", "Change it: `nyala sites set shop`.")]
    [InlineData("Set it: POST /sites/{site}/api/settings.", "Set it: \"nyala sites settings set SITE NAME=VALUE\".")]
    [InlineData("Set it: POST /sites/shop/api/settings.", "Set it: \"nyala sites settings set shop NAME=VALUE\".")]
    [InlineData("DELETE /api/hooks?url=… removes it.", "\"nyala hooks remove URL\" removes it.")]
    [InlineData("The token 's' is good for the site 'shop' alone: use /sites/shop/api/hooks/12.", "The token 's' is good for the site 'shop' alone: name that site, as with --site shop.")]
    [InlineData("The token 's' is good for the site 'a.b' alone: use /api/sites/a.b.", "The token 's' is good for the site 'a.b' alone: name that site, as with --site a.b.")]
    [InlineData("The token 's' is good for the site 'a' alone: use /sites/a. Set it.", "The token 's' is good for the site 'a' alone: name that site, as with --site a. Set it.")]
    [InlineData("The request GET failed.", "The request GET failed.")]
    [InlineData("GET /favicon.ico", "GET /favicon.ico")]
    [InlineData("", "")]
    public void A_request_in_an_error_is_replaced_with_the_command_that_sends_it(string refusal, string told) => Assert.Equal(told, RefusalText.WithVerbs(refusal));

    [Fact]
    public void Every_request_that_the_servers_sources_suggest_has_a_command()
    {
        string[] advised =
        [
            .. Repository.Sources("src/Nyala.Server")
                .SelectMany(File.ReadLines)
                .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && !line.Contains("WithDescription", StringComparison.Ordinal) && !line.Contains("WithSummary", StringComparison.Ordinal))
                .SelectMany(line => Requests().Matches(Interpolations().Replace(line, "1")).Select(match => match.Value)),
        ];

        Assert.True(advised.Length > 10, "Too few suggested requests were found. Does this test search the right files?");
        Assert.DoesNotContain(advised, RefusalText.HasRequest);
    }

    [Fact]
    public void Every_suggested_command_exists()
    {
        using var cli = new CliHarness();
        using var nowhere = new StringWriter();
        RootCommand root = Program.Root(cli.CommandEnvironment(nowhere, nowhere));
        foreach (string verb in RefusalText.AllVerbs)
        {
            string[] words = [.. verb.Replace("{0}", "1", StringComparison.Ordinal).Replace("{1}", "shop", StringComparison.Ordinal).Replace("TIME", "2h", StringComparison.Ordinal).Split(' ')];
            string[] line = words is ["tokens", "create", ..] ? [.. words, "--scope", "read"] : words;
            Assert.True(root.Parse(line).Errors.Count == 0, $"'nyala {verb}' is wrong usage: {string.Join("; ", root.Parse(line).Errors)}");
        }
    }

    [GeneratedRegex(@"\b(GET|POST|PUT|PATCH|DELETE) /[\w/{}?=.-]+")]
    private static partial Regex Requests();

    // {open.Id} stands for an id; {id} stays a placeholder.
    [GeneratedRegex(@"\{\w+\.[\w.]+\}")]
    private static partial Regex Interpolations();
}
