using Nyala.Server.Deployments;

namespace Nyala.Tests.Deployments;

public sealed class DeploymentIdRuleTests
{
    [Theory]
    [InlineData("6f8b33b0a9a0b2b7a6ef", true)]
    [InlineData("v1.2.3-rc_4", true)]
    [InlineData("latest1", true)]
    [InlineData("latest", false)]
    [InlineData("LATEST", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("-x", false)]
    public void A_valid_id_is_a_plain_name_other_than_latest(string? id, bool valid) => Assert.Equal(valid, DeploymentId.IsValid(id));
}
