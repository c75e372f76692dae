using Nyala.Server.Front;

namespace Nyala.Tests.Front;

public sealed class HostRuleTests
{
    private static readonly string[] Names = ["build7", "nyala.example.com", "*.apps.example.com"];

    [Theory]
    [InlineData("", true, true)]
    [InlineData("localhost", true, true)]
    [InlineData("LOCALHOST", true, true)]
    [InlineData("nyala.localhost", true, true)]
    [InlineData("127.0.0.1", true, true)]
    [InlineData("127.9.9.9", true, true)]
    [InlineData("[::1]", true, true)]
    [InlineData("::1", true, true)]
    [InlineData("Build7", true, true)]
    [InlineData("nyala.example.com", true, true)]
    [InlineData("nyala.example.com.", true, true)]
    [InlineData("a.apps.example.com", true, true)]
    [InlineData("apps.example.com", false, false)]
    [InlineData("evil.com", false, false)]
    [InlineData("notlocalhost", false, true)]
    [InlineData("localhost.evil.com", false, false)]
    [InlineData("127.0.0.1.evil.com", false, false)]
    [InlineData("nyala.example.com.evil.com", false, false)]
    [InlineData("10.0.0.7", false, true)]
    [InlineData("[2001:db8::7]", false, true)]
    [InlineData("nyala", false, true)]
    public void Only_the_servers_own_names_and_hosts_that_DNS_rebinding_cannot_use_are_admitted(string host, bool onLoopback, bool elsewhere) => Assert.Equal(
        (onLoopback, elsewhere), (new HostRule(LocalOnly: true, Names).Admits(host), new HostRule(LocalOnly: false, Names).Admits(host)));
}
