using Nyala.Server.Sites;

namespace Nyala.Tests.Sites;

public sealed class MaskRuleTests
{
    [Theory]
    [InlineData("API_KEY", "s3cr3t-value", true)]
    [InlineData("DB_PASSWORD", "hunter2", true)]
    [InlineData("Api:Url", "https://api.example.com", true)]
    [InlineData("PIN", "20.11.1", false)]
    [InlineData("PORT", "8080", false)]
    [InlineData("MAX_SIZE", " 1048576 ", false)]
    [InlineData("NODE_ENV", "production", false)]
    [InlineData("CONFIGURATION", "Release ", false)]
    [InlineData("EMPTY", "", false)]
    [InlineData("PROJECT", "src/web", false)]
    [InlineData("project", "src/web", false)]
    [InlineData("SCM_COMMAND_IDLE_TIMEOUT", "600 s", false)]
    [InlineData("PATH", "/opt/node/bin:/usr/bin", false)]
    [InlineData("SCM_BRANCH", "feature/checkout", false)]
    [InlineData("COMMAND", "./deploy.sh", false)]
    public void A_setting_is_masked_unless_its_value_is_an_ordinary_text(string name, string value, bool masked) => Assert.Equal(masked, MaskRule.IsMasked(name, value));
}
