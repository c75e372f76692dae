using CsCheck;
using Nyala.Server.Sites;

namespace Nyala.Tests.Sites;

public sealed class SiteNameRuleTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("My-Site_2.prod")]
    [InlineData("_x")]
    [InlineData("0")]
    [InlineData("latest")]
    [InlineData("a..b")]
    public void A_plain_site_name_is_accepted(string name) => Assert.True(SiteName.IsValid(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("-x")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("a%2fb")]
    [InlineData("grün")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    [InlineData("١")]
    public void A_site_name_that_is_empty_or_unsafe_in_a_path_is_refused(string? name) => Assert.False(SiteName.IsValid(name));

    [Fact]
    public void A_site_name_above_128_characters_is_refused()
    {
        Assert.True(SiteName.IsValid(new string('a', 128)));
        Assert.False(SiteName.IsValid(new string('a', 129)));
    }

    [Fact]
    public void An_accepted_site_name_stays_unchanged_in_a_URL_and_in_a_path() =>
        Gen.String[Gen.Char["aZ0._-/\\%:"], 1, 5].Sample(name =>
        {
            if (SiteName.IsValid(name))
            {
                Assert.Equal(name, Uri.EscapeDataString(name));
                Assert.Equal(name, Path.GetFileName(Path.GetFullPath("/x/" + name)));
            }
        });
}
