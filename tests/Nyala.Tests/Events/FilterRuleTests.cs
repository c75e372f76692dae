using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using Nyala.Client;
using Nyala.Server.Events;
using Nyala.Server.Sites;
using Nyala.Tests.Support;

namespace Nyala.Tests.Events;

/// <summary>Which events a filter matches, and which filters are refused.</summary>
public sealed class FilterRuleTests
{
    private static readonly string[] Types = ["*", "PostDeployment", "postdeployment", "DeploymentStarted", "HookDisabled", "My.Event"];
    private static readonly string[] StatusWords = ["pending", "building", "deploying", "failed", "success"];
    private static readonly string[] ChangeWords = ["broke", "fixed", "still_failing"];

    private static readonly Gen<string> Text = Gen.Char["aAbB1*/-"].Array[1, 5].Select(chars => new string(chars));
    private static readonly Gen<string> SitePattern = Gen.Char["aAbB1*-"].Array[1, 5].Select(chars => new string(chars)).Where(IsSitePattern);
    private static readonly Gen<string> Site = Gen.Char["aAbB1-"].Array[1, 4].Select(chars => new string(chars)).Where(SiteName.IsValid);
    private static readonly Gen<HookFilter> Any =
        from status in Maybe(OneOf(StatusWords).Array[1, 3])
        from site in Maybe(SitePattern.Array[1, 3])
        from branch in Maybe(Text.Array[1, 3])
        from author in Maybe(Text.Array[1, 3])
        from change in Maybe(OneOf(ChangeWords).Array[1, 2])
        select new HookFilter { Status = status, Site = site, Branch = branch, Author = author, Change = change };

    private static readonly Gen<EventFacts> Facts =
        from site in Site
        from status in Gen.OneOf(Gen.Const((DeploymentStatus?)null), OneOf(Enum.GetValues<DeploymentStatus>()).Select(status => (DeploymentStatus?)status))
        from branch in Gen.OneOf(Gen.Const((string?)null), Text.Select(text => (string?)text))
        from author in Gen.OneOf(Gen.Const((string?)null), Text.Select(text => (string?)text))
        from change in Gen.OneOf(Gen.Const((StatusChange?)null), OneOf(Enum.GetValues<StatusChange>()).Select(change => (StatusChange?)change))
        select new EventFacts(site, status, branch, author, change);

    [Fact]
    public void A_filter_matches_the_same_events_as_a_simple_model() => Gen.Select(Any, Facts).Sample(
        (filter, facts) => Assert.Equal(Model(filter, facts), new Filter([filter]).Matches(facts)), iter: Fuzz.Cases);

    [Fact]
    public void A_list_of_filters_matches_an_event_exactly_if_one_of_them_does() => Gen.Select(Any.Array[0, 4], Facts).Sample(
        (filters, facts) => Assert.Equal(filters.Any(filter => Model(filter, facts)), new Filter(filters).Matches(facts)), iter: Fuzz.Cases);

    [Fact]
    public void A_filter_is_refused_exactly_if_no_event_of_the_hook_can_match_it() =>
        Gen.Select(Any, OneOf(Types), Gen.OneOf(Gen.Const((string?)null), Site.Select(site => (string?)site))).Sample(
            (filter, type, site) => Assert.Equal(
                !Universe(filter, type, site).Any(new Filter([filter]).Matches), FilterRule.Never(filter, type, site, "filter") is not null),
            iter: Fuzz.Cases);

    [Fact]
    public void A_stored_filter_reads_back_and_matches_the_same_events() => Gen.Select(Any.Where(filter => filter != new HookFilter()).Array[1, 4], Facts).Sample(
        (sent, facts) =>
        {
            string stored = Stored(Filter.Write(sent))!;

            Assert.Equal(stored, Stored(stored));
            Assert.Equal(stored, Filter.Write(Filter.Read(stored)));
            Assert.Equal(new Filter(sent).Matches(facts), Filter.Parse(stored).Matches(facts));
        },
        iter: Fuzz.Cases);

    [Fact]
    public void No_JSON_filter_throws_and_every_accepted_filter_can_be_stored() => Gen.Select(Json(4), Gen.OneOf(Gen.Const((string?)null), OneOf(Types).Select(type => (string?)type))).Sample(
        (node, type) =>
        {
            var reasons = new List<string>();
            using JsonDocument document = JsonDocument.Parse(node?.ToJsonString() ?? "null");
            IReadOnlyList<HookFilter>? filters = FilterForm.Read(document.RootElement, type, null, reasons.Add);
            Assert.Equal(filters is not null || MatchesEverything(node), reasons.Count == 0);
            if (filters is not null)
            {
                Assert.InRange(filters.Count, 1, 10);
                Filter.Parse(Filter.Write(filters)).Matches(new EventFacts("shop"));
            }
        },
        iter: Fuzz.Cases);

    [Fact]
    public void Reading_facts_from_a_body_never_throws() => Gen.Char["{}[]\":,\\ud8statusbranchauthor1 "].Array[0, 40].Select(chars => new string(chars)).Sample(
        text => EventFacts.OfBody("shop", System.Text.Encoding.UTF8.GetBytes(text)), iter: Fuzz.Cases);

    [Fact]
    public void A_star_matches_any_number_of_characters_including_none() => Gen.Select(Gen.Char["aab***"].Array[1, 7], Gen.Char["aab"].Array[0, 6]).Sample(
        (pattern, value) => Assert.Equal(
            Regex.IsMatch(new string(value), "^" + new string(pattern).Replace("*", ".*", StringComparison.Ordinal) + "$"),
            new Pattern(new string(pattern), StringComparison.Ordinal).Matches(value)),
        iter: Fuzz.Cases);

    [Theory]
    [InlineData(null, "Failed", "Broke")]
    [InlineData("Success", "Failed", "Broke")]
    [InlineData("Failed", "Failed", "StillFailing")]
    [InlineData("Failed", "Success", "Fixed")]
    [InlineData("Success", "Success", null)]
    [InlineData(null, "Success", null)]
    public void The_change_is_derived_from_the_previous_status(string? before, string now, string? change) => Assert.Equal(
        change,
        StatusChanges.Of(before is null ? null : Enum.Parse<DeploymentStatus>(before), Enum.Parse<DeploymentStatus>(now))?.ToString());

    [Theory]
    [InlineData("""{"status":"failed"}""", """{"status":["failed"]}""")]
    [InlineData("""{"Change":["FIXED","broke","fixed"],"status":null}""", """{"change":["broke","fixed"]}""")]
    [InlineData("""{"author":["Ann*","ann*","***"],"site":["Shop","SHOP"]}""", """{"site":["Shop"],"author":["Ann*","*"]}""")]
    [InlineData("""{"branch":["Main","main"]}""", """{"branch":["Main","main"]}""")]
    [InlineData("""[{"status":"failed"}]""", """{"status":["failed"]}""")]
    [InlineData("""[{"status":["failed"]},{"branch":"main"}]""", """[{"status":["failed"]},{"branch":["main"]}]""")]
    [InlineData("""[{"branch":"main"},{"status":["FAILED","failed"]},{"Status":"failed"},{"branch":["main"]}]""", """[{"branch":["main"]},{"status":["failed"]}]""")]
    [InlineData("""[{"status":"failed"},{"STATUS":["failed"]}]""", """{"status":["failed"]}""")]
    [InlineData("{}", null)]
    [InlineData("[{}]", null)]
    [InlineData("""[{},{"status":null}]""", null)]
    public void A_filter_is_stored_in_normalized_form(string sent, string? stored) => Assert.Equal(stored, Stored(sent));

    [Theory]
    [InlineData("""{"status":"success","branch":"main","author":"Ann","n":{"status":"failed"}}""", "Success", "main", "Ann")]
    [InlineData("""{"status":"Failed","branch":"","author":7}""", "Failed", null, null)]
    [InlineData("""{"status":"3"}""", null, null, null)]
    [InlineData("""[{"status":"failed"}]""", null, null, null)]
    [InlineData("""{"status":"failed","author":"\ud800"}""", null, null, null)]
    public void The_facts_of_a_published_body_are_read_from_Kudus_fields(string body, string? status, string? branch, string? author) => Assert.Equal(
        new EventFacts("shop", status is null ? null : Enum.Parse<DeploymentStatus>(status), branch, author),
        EventFacts.OfBody("shop", System.Text.Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""[{"branch":["main"]},null]""")]
    [InlineData("""{"branch":["main"]} {}""")]
    public void An_unreadable_stored_filter_lets_events_through(string stored) => Assert.True(new FilterCache().Matches(stored, new EventFacts("shop")));

    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void A_field_accepts_at_most_50_values(int count, bool taken) =>
        Assert.Equal(taken, TryRead(new JsonObject { ["branch"] = new JsonArray([.. Enumerable.Range(0, count).Select(number => JsonValue.Create("b" + number))]) }));

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void A_value_has_at_most_200_characters(int length, bool taken) =>
        Assert.Equal(taken, TryRead(new JsonObject { ["branch"] = new JsonArray(new string('x', length)) }));

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void A_list_has_at_most_10_filters(int count, bool taken) =>
        Assert.Equal(taken, TryRead(new JsonArray([.. Enumerable.Range(0, count).Select(number => new JsonObject { ["branch"] = "b" + number })])));

    private static bool TryRead(JsonNode filter)
    {
        using JsonDocument document = JsonDocument.Parse(filter.ToJsonString());
        return FilterForm.Read(document.RootElement, null, null, _ => { }) is not null;
    }

    /// <summary>Returns the stored form of a filter that a caller sent; null for none.</summary>
    private static string? Stored(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return FilterForm.Read(document.RootElement, null, null, Assert.Fail) is { } filters ? Filter.Write(filters) : null;
    }

    private static bool MatchesEverything(JsonNode? sent) => sent switch
    {
        JsonObject fields => fields.All(field => field.Value is null && !field.Key.Equals("other", StringComparison.Ordinal)),
        JsonArray { Count: > 0 and <= 10 } list => list.All(item => item is JsonObject && MatchesEverything(item)),
        _ => false,
    };

    /// <summary>The same filter as a simple model.</summary>
    private static bool Model(HookFilter filter, EventFacts facts)
    {
        return Holds(filter.Status, facts.Status?.ToString(), RegexOptions.IgnoreCase)
            && Holds(filter.Site, facts.Site, RegexOptions.IgnoreCase)
            && Holds(filter.Branch, facts.Branch, RegexOptions.None)
            && Holds(filter.Author, facts.Author, RegexOptions.IgnoreCase)
            && Holds(filter.Change, facts.Change is StatusChange.StillFailing ? "still_failing" : facts.Change?.ToString(), RegexOptions.IgnoreCase);

        static bool Holds(IReadOnlyList<string>? values, string? fact, RegexOptions options) => values is null
            || (fact is not null && values.Any(value => Regex.IsMatch(
                fact, "^" + Regex.Escape(value).Replace(@"\*", ".*", StringComparison.Ordinal) + "$", options | RegexOptions.CultureInvariant)));
    }

    /// <summary>Returns the events that a hook of this type and site can get, with values that satisfy the filter's patterns.</summary>
    private static IEnumerable<EventFacts> Universe(HookFilter filter, string type, string? site)
    {
        bool tells = !type.Equals("HookDisabled", StringComparison.OrdinalIgnoreCase);
        (DeploymentStatus?, StatusChange?)[] ends =
        [
            (DeploymentStatus.Failed, StatusChange.Broke), (DeploymentStatus.Failed, StatusChange.StillFailing), (DeploymentStatus.Success, StatusChange.Fixed),
            (DeploymentStatus.Success, null), (DeploymentStatus.Failed, null),
        ];
        (DeploymentStatus?, StatusChange?)[] starts = [(DeploymentStatus.Pending, null), (DeploymentStatus.Building, null), (DeploymentStatus.Deploying, null)];
        (DeploymentStatus?, StatusChange?)[] stands = type.ToUpperInvariant() switch
        {
            "*" => [.. ends, .. starts, (null, null)],
            "POSTDEPLOYMENT" => ends,
            "DEPLOYMENTSTARTED" => starts,
            "HOOKDISABLED" => [(null, null)],
            _ => [.. Enum.GetValues<DeploymentStatus>().Select(status => ((DeploymentStatus?)status, (StatusChange?)null))],
        };
        return from stand in stands
               from at in site is null ? Instances(filter.Site) : [site]
               from branch in tells ? Instances(filter.Branch) : [null]
               from author in tells ? Instances(filter.Author) : [null]
               select new EventFacts(at!, stand.Item1, branch, author, stand.Item2);

        static string?[] Instances(IReadOnlyList<string>? patterns) => patterns is null ? ["x"] : [.. patterns.Select(text => text.Replace("*", "x", StringComparison.Ordinal))];
    }

    private static bool IsSitePattern(string text) => SiteName.IsValid(text.Replace("*", "x", StringComparison.Ordinal));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static Gen<string[]?> Maybe(Gen<string[]> gen) => Gen.OneOf(Gen.Const((string[]?)null), gen.Select(values => (string[]?)values));

    private static Gen<JsonNode?> Json(int depth)
    {
        Gen<JsonNode?> plain = Gen.OneOf(
            Gen.Const((JsonNode?)null),
            Gen.Int.Select(number => (JsonNode?)number),
            Gen.Bool.Select(flag => (JsonNode?)flag),
            OneOf("failed", "broke", "shop-*", "*", "", "\u0000", "x").Select(text => (JsonNode?)text));
        if (depth == 0)
        {
            return plain;
        }

        Gen<JsonNode?> inner = Json(depth - 1);
        Gen<string> name = OneOf("status", "site", "branch", "author", "change", "Status", "other");
        return Gen.OneOf(
            plain,
            inner.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])),
            Gen.Select(name, inner).Array[0, 4].Select(fields =>
            {
                var node = new JsonObject();
                foreach ((string key, JsonNode? value) in fields)
                {
                    node[key] = value?.DeepClone();
                }

                return (JsonNode?)node;
            }));
    }
}
