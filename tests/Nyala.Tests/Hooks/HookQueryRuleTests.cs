using Nyala.Server.Hooks;

namespace Nyala.Tests.Hooks;

public sealed class HookQueryRuleTests
{
    private static readonly (long Id, string Url)[] Hooks =
    [
        (1, "https://logic.example/workflows/1/run?sp=a&sv=1.0&sig=AAA"),
        (2, "https://logic.example/workflows/2/run?sp=a&sv=1.0&sig=BBB"),
        (3, "https://example.com/a"),
        (4, "https://example.com/a?x=1"),
        (5, "example.com/a"),
    ];

    [Theory]
    [InlineData("https://example.com/a", 3L)]
    [InlineData("HTTPS://EXAMPLE.COM/A", 3L)]
    [InlineData("https://example.com/a?x=1", 4L)]
    [InlineData("https://other.example/?to=https://example.com/a", 3L)]
    [InlineData("https://logic.example/workflows/2/run?sp=a&sv=1.0&sig=new", 2L)]
    [InlineData("https://logic.example/workflows/2/run?sig=new&sp=a&sv=1.0", 2L)]
    [InlineData("https://logic.example/workflows/2/run?sp=a&SIG=new&sv=1.0", 2L)]
    [InlineData("https://logic.example/workflows/2/run?sp=a&sv=1.1&sig=BBB", null)]
    [InlineData("https://logic.example/workflows/3/run?sp=a&sv=1.0&sig=AAA", null)]
    [InlineData("https://example.com/a?x=2", null)]
    [InlineData("https://example.com/ab", null)]
    [InlineData("", null)]
    public void The_nearest_url_is_meant(string given, long? id) => Assert.Equal(id, HookQuery.FindByUrl(Hooks, given));

    [Fact]
    public void An_exact_match_goes_before_an_older_one_that_the_url_ends_with() =>
        Assert.Equal(2, HookQuery.FindByUrl([(1, "b.example/x"), (2, "https://b.example/x")], "https://b.example/x"));

    [Fact]
    public void Of_no_hooks_none_is_meant() => Assert.Null(HookQuery.FindByUrl([], "https://example.com"));
}
