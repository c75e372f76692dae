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
    [InlineData("There is no hook with this id here. To list the hooks, use GET /api/hooks.", "There is no hook with this id here. To list the hooks, use \"nyala hooks list\".")]
    [InlineData("To resume it, use POST /api/hooks/{id}/resume.", "To resume it, use \"nyala hooks resume ID\".")]
    [InlineData("To see its progress, use GET /api/redeliveries/7. To stop it, use DELETE /api/redeliveries/7.", "To see its progress, use \"nyala deliveries redelivery 7\". To stop it, use \"nyala deliveries redelivery 7 --stop\".")]
    [InlineData("To change it, use PATCH /api/sites/shop, or `nyala sites set shop`.", "To change it, use `nyala sites set shop`.")]
    [InlineData("Set it: POST /sites/{site}/api/settings.", "Set it: \"nyala sites settings set SITE NAME=VALUE\".")]
    [InlineData("Set it: POST /sites/shop/api/settings.", "Set it: \"nyala sites settings set shop NAME=VALUE\".")]
    [InlineData("DELETE /api/hooks?url=… removes it.", "\"nyala hooks remove URL\" removes it.")]
    [InlineData("The token 's' is limited to the site 'shop': use /sites/shop/api/hooks/12.", "The token 's' is limited to the site 'shop': use --site shop.")]
    [InlineData("The token 's' is limited to the site 'a.b': use /api/sites/a.b.", "The token 's' is limited to the site 'a.b': use --site a.b.")]
    [InlineData("The token 's' is limited to the site 'a': use /sites/a. Set it.", "The token 's' is limited to the site 'a': use --site a. Set it.")]
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
