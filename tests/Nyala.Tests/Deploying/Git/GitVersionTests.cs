using Nyala.Server.Deploying.Git;

namespace Nyala.Tests.Deploying.Git;

public sealed class GitVersionTests
{
    [Theory]
    [InlineData("git version 2.39.5\n", 2, 39)]
    [InlineData("git version 2.37.0.windows.1", 2, 37)]
    [InlineData("git version 2.50.1 (Apple Git-155)", 2, 50)]
    [InlineData("git version 2.47.GIT", 2, 47)]
    [InlineData("git version 3.0", 3, 0)]
    [InlineData("git version 99999999999.1", 0, 0)]
    [InlineData("", 0, 0)]
    public void Read_returns_the_major_and_minor_version_or_0_0(string text, int major, int minor) => Assert.Equal(new Version(major, minor), GitVersion.Read(text));

    [Theory]
    [InlineData(2, 36, true)]
    [InlineData(1, 99, true)]
    [InlineData(2, 37, false)]
    [InlineData(3, 0, false)]
    public void Git_before_2_37_is_too_old_to_pin_addresses(int major, int minor, bool tooOld)
    {
        string? why = GitVersion.WhyNotPinning(new Version(major, minor));

        Assert.Equal(tooOld, why is not null);
        Assert.True(why is null || (why.StartsWith($"git {major}.{minor} ", StringComparison.Ordinal) && why.Contains("Install git 2.37 or later", StringComparison.Ordinal)));
    }
}
