using Nyala.Server.Deploying.Commands;
using Nyala.Server.Sites;

namespace Nyala.Tests.Deploying.Commands;

/// <summary>How the site, its settings and <c>.deployment</c> combine, by Kudu's rules.</summary>
public sealed class DeployPlanTests
{
    [Theory]
    [InlineData("site", "file", "site")]
    [InlineData(null, "file", "file")]
    [InlineData("site", null, "site")]
    [InlineData(null, null, null)]
    public void The_sites_command_takes_precedence_over_dot_deployment(string? site, string? file, string? chosen) => Assert.Equal(chosen, Plan($"command={file}", site).Command);

    [Theory]
    [InlineData("set", "file", "set", "The setting PROJECT")]
    [InlineData("", "file", "file", ".deployment")]
    [InlineData(" ", "file", "file", ".deployment")]
    [InlineData("set", "", "set", "The setting PROJECT")]
    [InlineData("", "", null, null)]
    public void The_setting_PROJECT_takes_precedence_unless_it_is_empty(string setting, string file, string? chosen, string? by)
    {
        ProjectChoice? project = Plan($"project={file}", settings: ("Project", setting)).Project;

        Assert.Equal((chosen, by), (project?.Path, project?.NamedBy));
    }

    [Fact]
    public void Nonempty_settings_take_precedence_over_keys_of_dot_deployment_in_any_case()
    {
        DeployPlan plan = Plan("A=file\nB=file\nC.D=file\nproject=web", settings: [("a", "set"), ("B", "")]);

        Assert.Equal([("B", "file"), ("C_D", "file"), ("PROJECT", "web"), ("a", "set")], Variables(plan));
        Assert.Null(plan.Refusal);
    }

    [Theory]
    [InlineData("NYALA_ADMIN_TOKEN", "variables with this prefix are options of the server")]
    [InlineData("nyala.x", "variables with this prefix are options of the server")]
    [InlineData("DEPLOYMENT_TARGET", "the server sets variables with this prefix for each deployment")]
    [InlineData("deployment_source", "the server sets variables with this prefix for each deployment")]
    [InlineData("SCM_COMMIT_ID", "the server sets variables with this prefix for each deployment")]
    [InlineData("NEXT_MANIFEST_PATH", "the server sets variables with this prefix for each deployment")]
    public void A_reserved_key_in_dot_deployment_is_refused(string key, string reason)
    {
        DeployPlan plan = Plan($"A=1\n{key}=x");

        Assert.StartsWith($".deployment must not set {key}: {reason}", plan.Refusal, StringComparison.Ordinal);
        Assert.Equal([("A", "1")], Variables(plan));
    }

    [Theory]
    [InlineData("my key=x", ".deployment sets 'my key', which is not a valid variable name")]
    [InlineData("1=x", ".deployment sets '1', which is not a valid variable name")]
    [InlineData("deployment_branch=x", ".deployment sets 'deployment_branch', which has no effect there")]
    [InlineData("branch=x", ".deployment sets 'branch', which has no effect there")]
    [InlineData("SCM_BUILD_ARGS=x", "The setting SCM_BUILD_ARGS does nothing here")]
    [InlineData("SCM_COMMAND_IDLE_TIMEOUT=soon", "The setting SCM_COMMAND_IDLE_TIMEOUT is not a whole number of seconds")]
    public void A_key_without_effect_or_with_an_invalid_value_gets_a_warning(string line, string warning)
    {
        DeployPlan plan = Plan("command=x\n" + line);

        Assert.Null(plan.Refusal);
        Assert.StartsWith(warning, Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData(" 1 ", 1)]
    [InlineData("", null)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("1.5", null)]
    [InlineData("99999999999", null)]
    public void The_idle_limit_comes_from_SCM_COMMAND_IDLE_TIMEOUT_if_its_value_is_valid(string value, int? seconds) =>
        Assert.Equal(seconds, (int?)Plan("command=x", settings: ("scm_command_idle_timeout", value)).IdleLimit?.TotalSeconds);

    [Theory]
    [InlineData("SCM_DO_BUILD_DURING_DEPLOYMENT", "false")]
    [InlineData("ENABLE_ORYX_BUILD", "0")]
    [InlineData("WEBSITE_RUN_FROM_PACKAGE", "0")]
    [InlineData("SCM_DISABLE_SUBMODULES", "1")]
    [InlineData("SCM_USE_SHALLOW_CLONE", "no")]
    [InlineData("SCM_BUILD_ARGS", "")]
    [InlineData("WEBSITE_SITE_NAME", "shop")]
    public void A_Kudu_setting_that_asks_for_what_Nyala_does_anyway_gets_no_warning(string name, string value) => Assert.Null(KuduSettings.FindIgnored(name, value));

    private static DeployPlan Plan(string config, string? command = null, params (string Name, string Value)[] settings) =>
        DeployPlan.Of(command, settings.ToDictionary(setting => setting.Name, setting => setting.Value), DotDeployment.Read("[config]\n" + config));

    private static IEnumerable<(string, string)> Variables(DeployPlan plan) =>
        plan.Variables.Select(variable => (variable.Key, variable.Value)).OrderBy(variable => variable.Key, StringComparer.Ordinal);
}
