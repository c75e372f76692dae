using System.Text.RegularExpressions;
using CsCheck;
using Nyala.Server.Sites;

namespace Nyala.Tests.Sites;

public sealed class SettingNameRuleTests
{
    [Theory]
    [InlineData("API_KEY")]
    [InlineData("_x")]
    [InlineData("ConnectionStrings:Main")]
    [InlineData("Logging:Level.Some-Thing")]
    [InlineData("PATH")]
    [InlineData("deployment_branch")]
    [InlineData("DEPLOYMENT_BRANCH")]
    [InlineData("DEPLOYMENTS")]
    public void A_setting_may_have_the_name(string name) => Assert.Null(SettingName.Refuses(name));

    [Theory]
    [InlineData("", "is a letter or '_'")]
    [InlineData("1x", "is a letter or '_'")]
    [InlineData("a b", "is a letter or '_'")]
    [InlineData("a=b", "is a letter or '_'")]
    [InlineData("grün", "is a letter or '_'")]
    [InlineData("NYALA_ADMIN_TOKEN", "never reach a command")]
    [InlineData("nyala_x", "never reach a command")]
    [InlineData("DEPLOYMENT_SOURCE", "the server sets these")]
    [InlineData("deployment_id", "the server sets these")]
    public void A_setting_may_not(string name, string reason) => Assert.Contains(reason, SettingName.Refuses(name), StringComparison.Ordinal);

    [Fact]
    public void It_may_have_256_characters_and_no_more() =>
        Assert.Equal((true, false), (SettingName.Refuses(new string('a', 256)) is null, SettingName.Refuses(new string('a', 257)) is null));

    [Fact]
    public void Whatever_may_be_a_name_is_a_variable_that_a_shell_takes() => Gen.String[Gen.Char["aZ0_.:- ="], 1, 8].Sample(name =>
        SettingName.Refuses(name) is not null || Regex.IsMatch(SettingName.VariableOf(name), @"\A[A-Za-z_][A-Za-z0-9_]*\z"));

    [Fact]
    public void A_name_that_is_no_shells_becomes_one_and_yields_to_the_setting_that_has_it() => Assert.Equal(
        [new("A_C", "dash"), new("A__B", "own"), new("D", "")],
        SiteSettings.VariablesOf([("A__B", "own"), ("A:B", "colon"), ("A-C", "dash"), ("D", "")]).OrderBy(variable => variable.Key, StringComparer.Ordinal));
}
