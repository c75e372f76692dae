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
    public void A_valid_setting_name_is_accepted(string name) => Assert.Null(SettingName.Refuses(name));

    [Theory]
    [InlineData("", "must be 1 to 256 letters")]
    [InlineData("1x", "must be 1 to 256 letters")]
    [InlineData("a b", "must be 1 to 256 letters")]
    [InlineData("a=b", "must be 1 to 256 letters")]
    [InlineData("grün", "must be 1 to 256 letters")]
    [InlineData("NYALA_ADMIN_TOKEN", "are never passed to a command")]
    [InlineData("nyala_x", "are never passed to a command")]
    [InlineData("DEPLOYMENT_SOURCE", "the server sets variables with this prefix")]
    [InlineData("deployment_id", "the server sets variables with this prefix")]
    [InlineData("NYALA-X", "are never passed to a command")]
    [InlineData("NYALA.X", "are never passed to a command")]
    [InlineData("NYALA:X", "are never passed to a command")]
    [InlineData("nyala-Admin:Token", "are never passed to a command")]
    [InlineData("DEPLOYMENT:SOURCE", "the server sets variables with this prefix")]
    [InlineData("Deployment.Target", "the server sets variables with this prefix")]
    [InlineData("SCM-BRANCH", "which is the site's branch. Set SCM_BRANCH")]
    [InlineData("scm.branch", "which is the site's branch. Set scm_branch")]
    [InlineData("deployment-branch", "which is the site's branch. Set deployment_branch")]
    public void An_invalid_or_reserved_setting_name_is_refused_with_the_reason(string name, string reason) => Assert.Contains(reason, SettingName.Refuses(name), StringComparison.Ordinal);

    [Fact]
    public void A_setting_name_above_256_characters_is_refused() =>
        Assert.Equal((true, false), (SettingName.Refuses(new string('a', 256)) is null, SettingName.Refuses(new string('a', 257)) is null));

    [Fact]
    public void Every_accepted_setting_name_becomes_a_valid_shell_variable() => Gen.String[Gen.Char["aZ0_.:- ="], 1, 8].Sample(name =>
        SettingName.Refuses(name) is not null || Regex.IsMatch(SettingName.VariableOf(name), @"\A[A-Za-z_][A-Za-z0-9_]*\z"));

    [Fact]
    public void No_setting_reaches_a_command_under_a_protected_name_in_any_spelling() =>
        Gen.Select(One("NYALA", "nyala", "Deployment", "SCM", "COMMAND", "A"), One("_", "-", ".", ":", ""), One("BRANCH", "source", "X", "")).Sample(
            (first, between, second) =>
            {
                string name = first + between + second;
                string variable = SettingName.VariableOf(name);
                bool isOwn = SettingName.MeaningOf(name) != SettingMeaning.Own;
                bool isProtected = variable.StartsWith("NYALA_", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("DEPLOYMENT_", StringComparison.OrdinalIgnoreCase)
                    || variable.Equals("SCM_BRANCH", StringComparison.OrdinalIgnoreCase) || variable.Equals("COMMAND", StringComparison.OrdinalIgnoreCase);
                bool reaches = SiteSettings.VariablesOf([(name, "value")]).Count > 0;
                return reaches == !isProtected && (isOwn || (SettingName.Refuses(name) is null) == !isProtected);
            });

    private static Gen<string> One(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    [Fact]
    public void Two_setting_names_of_one_variable_conflict_unless_they_differ_only_in_case()
    {
        Assert.Equal(new SettingConflict("A__B", "A__B", "A:B"), SettingConflict.Find(["A:B"], ["C", "A__B"]));
        Assert.Equal(new SettingConflict("A_B", "A.B", "A-B"), SettingConflict.Find([], ["A-B", "A.B"]));
        Assert.Equal(new SettingConflict("a_b", "a-b", "A.B"), SettingConflict.Find(["A.B"], ["a-b"]));
        Assert.Null(SettingConflict.Find(["A:B", "C"], ["a:b", "c", "D"]));
    }

    [Fact]
    public void A_converted_setting_name_yields_to_a_setting_that_already_has_that_name() => Assert.Equal(
        [new("A_C", "dash"), new("A__B", "own"), new("D", "")],
        SiteSettings.VariablesOf([("A__B", "own"), ("A:B", "colon"), ("A-C", "dash"), ("D", "")]).OrderBy(variable => variable.Key, StringComparer.Ordinal));
}
