using CsCheck;
using Nyala.Server.Hooks;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

public sealed class HookQueryRuleTests
{
    private static readonly (long Id, string Url)[] Hooks =
    [
        (1, "https://logic.example/workflows/1/run?sp=a&sv=1.0&sig=AAA"),
        (2, "https://logic.example/workflows/2/run?sp=a&sv=1.0&sig=BBB"),
        (3, "https://example.com/a"),
        (4, "https://example.com/a?x=1"),
        (5, "https://example.com/b?sig=CCC"),
    ];

    [Theory]
    [InlineData("https://example.com/a", 3L)]
    [InlineData("HTTPS://EXAMPLE.COM/A", 3L)]
    [InlineData("https://example.com/a?x=1", 4L)]
    [InlineData("https://other.example/?to=https://example.com/a", 3L)]
    [InlineData("https://logic.example/workflows/2/run?sp=a&sv=1.0&sig=new", 2L)]
    [InlineData("https://logic.example/workflows/2/run?sig=new&sp=a&sv=1.0", 2L)]
    [InlineData("https://logic.example/workflows/2/run?sp=a&SIG=new&sv=1.0", 2L)]
    [InlineData("https://logic.example/workflows/2/run?sp=a&sv=1.0", 2L)]
    [InlineData("https://example.com/a?x=1&sig=new", 4L)]
    [InlineData("https://example.com/b?", 5L)]
    [InlineData("https://example.com/b?sig=", 5L)]
    [InlineData("https://logic.example/workflows/2/run?sp=a&sv=1.1&sig=BBB", null)]
    [InlineData("https://logic.example/workflows/3/run?sp=a&sv=1.0&sig=AAA", null)]
    [InlineData("https://example.com/a?x=2", null)]
    [InlineData("https://example.com/ab", null)]
    [InlineData("https://example.com/b", null)]
    [InlineData("h", null)]
    [InlineData("", null)]
    public void The_closest_url_is_found(string given, long? id) => Assert.Equal(id, Find(Hooks, given));

    [Fact]
    public void An_exact_match_takes_precedence_over_an_older_hook_that_the_url_ends_with() =>
        Assert.Equal(2, Find([(1, "http://b.example/x"), (2, "https://a.example/?http://b.example/x")], "https://a.example/?http://b.example/x"));

    [Fact]
    public void Nothing_is_found_without_hooks() => Assert.Null(Find([], "https://example.com"));

    /// <summary>Searching by the beginning of a URL finds the same hook as reading every hook.</summary>
    [Fact]
    public void The_search_finds_the_same_hook_as_reading_every_hook()
    {
        Gen<string> url =
            from path in OneOf("https://a.example/", "https://a.example/?to=http://a.example/", "http://a.example/")
            from fields in OneOf("sig=1", "SIG=2", "a=1", "b", "", "sig=3&", "http://a.example/").Array[0, 4]
            select fields.Length == 0 ? path : path + "?" + string.Join('&', fields);

        Gen.Select(url.Array[0, 6], url).Sample(
            (urls, given) =>
            {
                (long Id, string Url)[] hooks = [.. urls.Distinct(StringComparer.OrdinalIgnoreCase).Select((each, i) => (i + 1L, each))];
                long? found = Find(hooks, given);
                long?[] meant = Meant(hooks, given);
                Assert.True(meant.Length == 0 ? found is null : meant.Contains(found), $"{given} in {string.Join(' ', urls)}: {found}");
            },
            iter: Fuzz.Cases);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static long? Find((long Id, string Url)[] hooks, string given) => HookQuery.Find(
        given,
        whole => hooks.Where(hook => hook.Url.Equals(whole, StringComparison.OrdinalIgnoreCase)).Select(hook => (long?)hook.Id).FirstOrDefault(),
        beginning => [.. hooks.Where(hook => hook.Url.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)).OrderBy(hook => hook.Url).Take(HookQuery.MaxAlike)]);

    /// <summary>Returns the valid results: the exact hook, else the longest that the URL ends with, else all that differ only in their signature.</summary>
    private static long?[] Meant((long Id, string Url)[] hooks, string given)
    {
        if (hooks.Where(hook => given.EndsWith(hook.Url, StringComparison.OrdinalIgnoreCase)).OrderByDescending(hook => hook.Url.Length).ToArray() is [var longest, ..])
        {
            return [longest.Id];
        }

        return [.. hooks.Where(hook => Unsigned(hook.Url).Equals(Unsigned(given), StringComparison.OrdinalIgnoreCase)).Select(hook => (long?)hook.Id)];
    }

    private static string Unsigned(string url)
    {
        string[] parts = url.Split('?', 2);
        return parts.Length == 1 ? url : parts[0] + "?" + string.Join('&', parts[1].Split('&').Where(field => !field.StartsWith("sig=", StringComparison.OrdinalIgnoreCase)));
    }
}
