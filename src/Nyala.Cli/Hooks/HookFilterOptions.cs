using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Hooks;

/// <summary>The options for a hook's filter.</summary>
internal sealed class HookFilterOptions
{
    // An unknown field is an error: with a typo in a name, the filter would lack that condition.
    private static readonly JsonSerializerOptions Strict = new NyalaJson(new JsonSerializerOptions { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow }).Options;

    private readonly Option<string[]> _when = List("--when", "Only deployments with one of these results: broke, fixed, still_failing, failed or success.", "results");
    private readonly Option<string[]> _status = List("--only-status", "Only events with these statuses: failed, success, pending, building or deploying.", "statuses");
    private readonly Option<string[]> _site = List("--only-site", "Only events of these sites. * matches any characters.", "patterns");
    private readonly Option<string[]> _branch = List("--only-branch", "Only events of these branches. * matches any characters.", "patterns");
    private readonly Option<string[]> _author = List("--only-author", "Only events of these authors. * matches any characters.", "patterns");

    private readonly Option<string[]> _filter = new("--filter")
    {
        Description = "The whole filter as JSON: {\"status\":[\"failed\"],\"branch\":[\"main\"]}. Repeat for more: an event must match one of them.",
        HelpName = "json",
    };

    // The earlier name of --when. It is not an alias, because help would list it first.
    private readonly Option<string[]> _onlyWhen = new("--only-when") { Hidden = true };

    public IEnumerable<Option> All => [_when, _onlyWhen, _status, _site, _branch, _author, _filter];

    /// <summary>Returns the filters that were given on the command line; null if there are none.</summary>
    /// <exception cref="CommandFailure">An option is not valid.</exception>
    public IReadOnlyList<HookFilter>? Read(ParseResult parsed)
    {
        var common = new HookFilter
        {
            Status = Values(parsed, _status),
            Site = Values(parsed, _site),
            Branch = Values(parsed, _branch),
            Author = Values(parsed, _author),
        };
        string[]? when = Values(parsed, _when, _onlyWhen);
        if (parsed.GetValue(_filter) is not { Length: > 0 } json)
        {
            return when is not null ? WhenWords.Filters(when, common)
                : common != new HookFilter() ? [common]
                : null;
        }

        return when is null && common == new HookFilter()
            ? [.. json.SelectMany(Parse)]
            : throw CommandFailure.Usage("use either --filter or the options --when and --only-…, not both.");
    }

    private static Option<string[]> List(string name, string description, string values) => new(name)
    {
        Description = $"{description} Separate values with commas.",
        HelpName = values,
    };

    private static string[]? Values(ParseResult parsed, params IEnumerable<Option<string[]>> options)
    {
        string[] given = [.. options.SelectMany(option => parsed.GetValue(option) ?? [])];
        return given is [] ? null : [.. given.SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries))];
    }

    private static IReadOnlyList<HookFilter> Parse(string json)
    {
        try
        {
            return HookFilterListConverter.Parse(json, Strict) is { Count: > 0 } filters ? filters : throw new JsonException();
        }
        catch (JsonException)
        {
            throw CommandFailure.Usage(
                "--filter must be a JSON object with the fields status, site, branch, author and change, each a list of strings: {\"change\":[\"broke\"]}. A list of such objects works too.");
        }
    }
}
