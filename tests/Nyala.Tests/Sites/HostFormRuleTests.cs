using Nyala.Server.Sites;

namespace Nyala.Tests.Sites;

public sealed class HostFormRuleTests
{
    [Theory]
    [InlineData("shop.example.com")]
    [InlineData("localhost")]
    [InlineData("shop.example.com:8443")]
    [InlineData("10.0.0.1:80")]
    [InlineData("[::1]")]
    [InlineData("[::1]:65535")]
    public void A_host_with_or_without_a_port_is_accepted(string host) => Assert.True(HostForm.IsValid(host));

    [Theory]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData("https://shop.example.com")]
    [InlineData("shop.example.com/")]
    [InlineData("shop.example.com:0")]
    [InlineData("shop.example.com:65536")]
    [InlineData("shop.example.com:")]
    [InlineData("shop.example.com:+1")]
    [InlineData("::1")]
    [InlineData("a b")]
    [InlineData("a\r\nX: y")]
    [InlineData("grün.example")]
    [InlineData("user@shop.example.com")]
    public void Text_that_is_not_exactly_a_host_is_refused(string host) => Assert.False(HostForm.IsValid(host));
}
