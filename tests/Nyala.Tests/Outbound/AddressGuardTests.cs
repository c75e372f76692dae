using System.Net;
using CsCheck;
using Nyala.Server.Outbound;

namespace Nyala.Tests.Outbound;

/// <summary>Which addresses a hook may reach. "Open" is a server that only its own machine reaches.</summary>
public sealed class AddressGuardTests
{
    private static readonly AddressGuard Open = new(privateOpen: true, []);
    private static readonly AddressGuard Closed = new(privateOpen: false, []);

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("93.184.216.34")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.1")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("168.63.129.15")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001:830::200e")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::808:808")]
    public void A_public_address_is_called_by_every_server(string address)
    {
        Assert.Null(Open.Refuses(IPAddress.Parse(address)));
        Assert.Null(Closed.Refuses(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("10.0.0.0")]
    [InlineData("10.255.255.255")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("192.168.255.255")]
    [InlineData("::1")]
    [InlineData("fc00::1")]
    [InlineData("fdff:ffff::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("::127.0.0.1")]
    [InlineData("::10.1.2.3")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b::192.168.1.1")]
    public void The_own_networks_are_called_by_a_server_that_listens_on_loopback_alone(string address)
    {
        Assert.Null(Open.Refuses(IPAddress.Parse(address)));
        Assert.Contains(Closed.Refuses(IPAddress.Parse(address)), new[] { "loopback", "private network" });
    }

    [Theory]
    [InlineData("0.0.0.0", "this network")]
    [InlineData("0.1.2.3", "this network")]
    [InlineData("100.64.0.1", "shared address space")]
    [InlineData("100.127.255.255", "shared address space")]
    [InlineData("169.254.0.1", "link-local")]
    [InlineData("169.254.170.2", "link-local")]
    [InlineData("192.0.0.1", "protocol assignments")]
    [InlineData("192.0.2.1", "documentation")]
    [InlineData("198.51.100.7", "documentation")]
    [InlineData("203.0.113.9", "documentation")]
    [InlineData("192.88.99.1", "6to4 relay")]
    [InlineData("198.18.0.1", "benchmarking")]
    [InlineData("198.19.255.255", "benchmarking")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("239.255.255.250", "multicast")]
    [InlineData("240.0.0.1", "reserved or broadcast")]
    [InlineData("255.255.255.255", "reserved or broadcast")]
    [InlineData("::", "unspecified")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fe80::1%1", "link-local")]
    [InlineData("febf:ffff::1", "link-local")]
    [InlineData("fec0::1", "site-local")]
    [InlineData("ff02::1", "multicast")]
    [InlineData("ff02::1%2", "multicast")]
    [InlineData("2001:db8::1", "documentation")]
    [InlineData("3fff:0fff::1", "documentation")]
    [InlineData("100::1", "discard")]
    [InlineData("2002:7f00:1::1", "6to4")]
    [InlineData("2001::1", "Teredo")]
    [InlineData("64:ff9b:1::a00:1", "local NAT64")]
    [InlineData("5f00::1", "segment routing")]
    [InlineData("::ffff:169.254.1.1", "link-local")]
    [InlineData("::ffff:0.0.0.0", "this network")]
    [InlineData("::ffff:224.0.0.1", "multicast")]
    [InlineData("::0.0.0.2", "this network")]
    [InlineData("::169.254.1.1", "link-local")]
    [InlineData("64:ff9b::a9fe:101", "link-local")]
    [InlineData("64:ff9b::e000:1", "multicast")]
    [InlineData("169.254.169.254", "cloud metadata")]
    [InlineData("168.63.129.16", "cloud metadata")]
    [InlineData("100.100.100.200", "cloud metadata")]
    [InlineData("fd00:ec2::254", "cloud metadata")]
    [InlineData("::ffff:169.254.169.254", "cloud metadata")]
    [InlineData("::169.254.169.254", "cloud metadata")]
    [InlineData("64:ff9b::a9fe:a9fe", "cloud metadata")]
    [InlineData("64:ff9b::168.63.129.16", "cloud metadata")]
    [InlineData("fd00:ec2::254%3", "cloud metadata")]
    public void What_is_no_receivers_address_is_called_by_no_server(string address, string rule)
    {
        Assert.Equal(rule, Open.Refuses(IPAddress.Parse(address)));
        Assert.Equal(rule, Closed.Refuses(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("10.20.0.0/16", "10.20.255.255", null)]
    [InlineData("10.20.0.0/16", "10.21.0.0", "private network")]
    [InlineData("10.20.0.0/16", "::ffff:10.20.1.1", null)]
    [InlineData("10.20.0.0/16", "64:ff9b::10.20.1.1", null)]
    [InlineData("100.64.0.0/10", "100.64.0.1", null)]
    [InlineData("fd12::/32", "fd12:0:1::1", null)]
    [InlineData("fd12::/32", "fd13::1", "private network")]
    [InlineData("fe80::/10", "fe80::1%1", null)]
    [InlineData("127.0.0.1/32", "127.0.0.1", null)]
    [InlineData("127.0.0.1/32", "127.0.0.2", "loopback")]
    [InlineData("127.0.0.1/32", "::1", "loopback")]
    [InlineData("0.0.0.0/0", "169.254.169.254", "cloud metadata")]
    [InlineData("0.0.0.0/0", "10.0.0.1", null)]
    [InlineData("169.254.0.0/16", "169.254.169.254", "cloud metadata")]
    [InlineData("169.254.169.254/31", "169.254.169.254", "cloud metadata")]
    [InlineData("169.254.169.254/32", "169.254.169.254", null)]
    [InlineData("169.254.169.254/32", "::ffff:169.254.169.254", null)]
    [InlineData("169.254.169.254/32", "168.63.129.16", "cloud metadata")]
    [InlineData("fd00:ec2::/32", "fd00:ec2::254", "cloud metadata")]
    [InlineData("fd00:ec2::254/128", "fd00:ec2::254", null)]
    public void What_the_operator_opens_is_called_and_nothing_beside_it(string allowed, string address, string? rule) =>
        Assert.Equal(rule, new AddressGuard(privateOpen: false, [IPNetwork.Parse(allowed)]).Refuses(IPAddress.Parse(address)));

    [Fact]
    public void However_an_IPv4_address_is_wrapped_the_rule_is_the_same() =>
        Gen.Select(Gen.Byte.Array[4], Gen.Bool).Sample((bytes, mapped) =>
        {
            string prefix = mapped ? "::ffff:" : "64:ff9b::";
            var plain = new IPAddress(bytes);
            IPAddress wrapped = IPAddress.Parse(prefix + plain);

            Assert.Equal(Closed.Refuses(plain), Closed.Refuses(wrapped));
            Assert.Equal(Open.Refuses(plain), Open.Refuses(wrapped));
        });

    [Fact]
    public void A_closed_server_refuses_all_that_an_open_one_refuses() =>
        Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]).Sample(bytes =>
        {
            var address = new IPAddress(bytes);

            Assert.True(Open.Refuses(address) is null || Closed.Refuses(address) is not null);
        });
}
