using System.Net;
using CsCheck;
using Nyala.Server.Outbound;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound;

/// <summary>
/// Which addresses a hook may reach. <c>Open</c> is the guard of a server that only its own machine can reach. <c>Closed</c> is the guard of
/// any other server.
/// </summary>
public sealed class AddressGuardTests
{
    private const int Port = 443;

    private static readonly AddressGuard Open = Guard(ownOpen: true);
    private static readonly AddressGuard Closed = Guard(ownOpen: false);

    private static readonly Gen<IPAddress> Address = Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]).Select(bytes => new IPAddress(bytes));

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
    public void A_public_address_is_allowed_on_every_server(string address)
    {
        Assert.Null(Rule(Open, address));
        Assert.Null(Rule(Closed, address));
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
    public void Loopback_and_private_networks_are_allowed_only_on_a_loopback_server(string address)
    {
        Assert.Null(Rule(Open, address));
        Assert.Contains(Rule(Closed, address), new[] { "loopback", "private network" });
    }

    [Theory]
    [InlineData("0.0.0.0", "this network")]
    [InlineData("0.1.2.3", "this network")]
    [InlineData("100.64.0.1", "shared address space")]
    [InlineData("100.127.255.255", "shared address space")]
    [InlineData("169.254.0.1", "link-local")]
    [InlineData("169.254.170.3", "link-local")]
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
    [InlineData("2002:7f00:1::1", "6to4", "loopback (it contains 127.0.0.1)")]
    [InlineData("5f00::1", "segment routing")]
    [InlineData("1234::1", "unassigned")]
    [InlineData("100:0:0:1::1", "unassigned")]
    [InlineData("2001:2::1", "protocol assignments")]
    [InlineData("::8.8.8.8", "IPv4-compatible")]
    [InlineData("::ffff:0:8.8.8.8", "IPv4-translated")]
    [InlineData("64:ff9b::808:808", "NAT64")]
    [InlineData("64:ff9b:1::808:808", "local NAT64")]
    [InlineData("64:ff9b:1:808:8:800::", "local NAT64")]
    [InlineData("2002:808:808::1", "6to4")]
    [InlineData("2001:0:808:808::f7f7:f7f7", "Teredo")]
    [InlineData("::ffff:169.254.1.1", "link-local")]
    [InlineData("::ffff:0.0.0.0", "this network")]
    [InlineData("::ffff:224.0.0.1", "multicast")]
    [InlineData("::0.0.0.2", "this network (it contains 0.0.0.2)")]
    [InlineData("::169.254.1.1", "link-local (it contains 169.254.1.1)")]
    [InlineData("::ffff:0:169.254.1.1", "link-local (it contains 169.254.1.1)")]
    [InlineData("64:ff9b::a9fe:101", "link-local (it contains 169.254.1.1)")]
    [InlineData("64:ff9b::e000:1", "multicast (it contains 224.0.0.1)")]
    [InlineData("2002:e000:1::1", "multicast (it contains 224.0.0.1)")]
    [InlineData("2001::1", "this network (it contains 0.0.0.0)")]
    [InlineData("2606:4700::5efe:169.254.1.1", "link-local (it contains 169.254.1.1)")]
    [InlineData("2606:4700::200:5efe:169.254.1.1", "link-local (it contains 169.254.1.1)")]
    [InlineData("169.254.169.254", "cloud metadata")]
    [InlineData("169.254.170.2", "cloud metadata")]
    [InlineData("168.63.129.16", "cloud metadata")]
    [InlineData("100.100.100.200", "cloud metadata")]
    [InlineData("192.0.0.192", "cloud metadata")]
    [InlineData("fd00:ec2::254", "cloud metadata")]
    [InlineData("fd20:ce::254", "cloud metadata")]
    [InlineData("fe80::a9fe:a9fe", "cloud metadata")]
    [InlineData("::ffff:169.254.169.254", "cloud metadata")]
    [InlineData("::169.254.169.254", "cloud metadata (it contains 169.254.169.254)")]
    [InlineData("64:ff9b::a9fe:a9fe", "cloud metadata (it contains 169.254.169.254)")]
    [InlineData("64:ff9b::168.63.129.16", "cloud metadata (it contains 168.63.129.16)")]
    [InlineData("64:ff9b:1::a9fe:a9fe", "cloud metadata (it contains 169.254.169.254)")]
    [InlineData("64:ff9b:1:a9fe:a9:fe00::", "cloud metadata (it contains 169.254.169.254)")]
    [InlineData("64:ff9b:1:a9:fe:a9fe::", "cloud metadata (it contains 169.254.169.254)")]
    [InlineData("64:ff9b:1:0:a9:fea9:fe00:0", "reserved or broadcast (it contains 254.0.0.0)")]
    [InlineData("2002:a9fe:a9fe::", "cloud metadata (it contains 169.254.169.254)")]
    [InlineData("2001:0:808:808::5601:5601", "cloud metadata (it contains 169.254.169.254)")]
    [InlineData("fd00:ec2::254%3", "cloud metadata")]
    public void A_special_address_is_refused_on_every_server_with_the_name_of_its_network(string address, string rule, string? onClosed = null)
    {
        Assert.Equal(rule, Rule(Open, address));
        Assert.Equal(onClosed ?? rule, Rule(Closed, address));
    }

    [Theory]
    [InlineData("10.20.0.0/16", "10.20.255.255", null)]
    [InlineData("10.20.0.0/16", "10.21.0.0", "private network")]
    [InlineData("10.20.0.0/16", "::ffff:10.20.1.1", null)]
    [InlineData("10.20.0.0/16", "64:ff9b::10.20.1.1", "NAT64")]
    [InlineData("64:ff9b::/96", "64:ff9b::10.20.1.1", "private network (it contains 10.20.1.1)")]
    [InlineData("10.20.0.0/16,64:ff9b::/96", "64:ff9b::10.20.1.1", null)]
    [InlineData("64:ff9b::/96", "64:ff9b::8.8.8.8", null)]
    [InlineData("64:ff9b::/96", "64:ff9b::169.254.169.254", "cloud metadata (it contains 169.254.169.254)")]
    [InlineData("64:ff9b::a9fe:a9fe/128", "64:ff9b::169.254.169.254", "cloud metadata (it contains 169.254.169.254)")]
    [InlineData("64:ff9b:1::/48", "64:ff9b:1::8.8.8.8", null)]
    [InlineData("64:ff9b:1::/48", "64:ff9b:1:808:8:800::", null)]
    [InlineData("64:ff9b:1::/48", "64:ff9b:1:a9fe:a9:fe00::", "cloud metadata (it contains 169.254.169.254)")]
    [InlineData("2002::/16", "2002:7f00:1::1", "loopback (it contains 127.0.0.1)")]
    [InlineData("::/0", "::ffff:10.0.0.1", "private network")]
    [InlineData("::/0", "fd00:ec2::254", "cloud metadata")]
    [InlineData("::/0,0.0.0.0/0", "2002:a9fe:a9fe::1", "cloud metadata (it contains 169.254.169.254)")]
    [InlineData("10.20.0.7", "10.20.0.7", null)]
    [InlineData("10.20.0.7", "10.20.0.8", "private network")]
    [InlineData("10.20.0.0/16:443", "10.20.0.7", null)]
    [InlineData("10.20.0.0/16:8443", "10.20.0.7", "private network")]
    [InlineData("[fd12::/32]:443", "fd12::7", null)]
    [InlineData("[fd12::/32]:8443", "fd12::7", "private network")]
    [InlineData("169.254.169.254", "169.254.169.254", null)]
    [InlineData("169.254.0.0/16", "169.254.1.1", null)]
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
    public void An_allowed_network_opens_its_own_addresses_and_no_others(string allowed, string address, string? rule) =>
        Assert.Equal(rule, Rule(Guard(false, allowed.Split(',')), address));

    [Theory]
    [InlineData("build.internal", "build.internal", 443, "10.0.0.1", null)]
    [InlineData("build.internal", "BUILD.internal.", 443, "10.0.0.1", null)]
    [InlineData("build.internal", "a.build.internal", 443, "10.0.0.1", "private network")]
    [InlineData("build.internal", "build.internal", 25, "10.0.0.1", "port 25 is for SMTP, not for HTTP")]
    [InlineData("build.internal:25", "build.internal", 25, "10.0.0.1", null)]
    [InlineData("build.internal:9000", "build.internal", 9000, "10.0.0.1", null)]
    [InlineData("build.internal:9000", "build.internal", 9001, "10.0.0.1", "private network")]
    [InlineData("build.internal", "build.internal", 443, "64:ff9b::10.0.0.1", null)]
    [InlineData("build.internal", "build.internal", 443, "192.0.0.7", null)]
    [InlineData("build.internal", "build.internal", 443, "169.254.1.1", "link-local")]
    [InlineData("build.internal", "build.internal", 443, "fe80::1%1", "link-local")]
    [InlineData("build.internal", "build.internal", 443, "169.254.169.254", "cloud metadata")]
    [InlineData("build.internal", "build.internal", 443, "64:ff9b::169.254.169.254", "cloud metadata (it contains 169.254.169.254)")]
    [InlineData("*.corp.example", "a.corp.example", 443, "10.0.0.1", null)]
    [InlineData("*.corp.example", "a.b.Corp.example", 443, "10.0.0.1", null)]
    [InlineData("*.corp.example", "corp.example", 443, "10.0.0.1", "private network")]
    [InlineData("*.corp.example", "evilcorp.example", 443, "10.0.0.1", "private network")]
    [InlineData("*.corp.example", "a.corp.example.evil.example", 443, "10.0.0.1", "private network")]
    [InlineData("*.corp.example:9000", "a.corp.example", 9000, "10.0.0.1", null)]
    [InlineData("*.corp.example:9000", "a.corp.example", 443, "10.0.0.1", "private network")]
    [InlineData("10.0.0.0/8:25", "build.internal", 25, "10.0.0.1", null)]
    [InlineData("10.0.0.0/8", "build.internal", 25, "10.0.0.1", "port 25 is for SMTP, not for HTTP")]
    [InlineData("93.184.216.34:25", "mail.example", 25, "93.184.216.34", null)]
    [InlineData("93.184.216.35:25", "mail.example", 25, "93.184.216.34", "port 25 is for SMTP, not for HTTP")]
    [InlineData("10.0.0.1", "10.0.0.1", 443, "10.0.0.1", null)]
    public void An_allowed_host_is_called_but_its_address_is_still_checked(
        string allowed, string host, int port, string address, string? rule) =>
        Assert.Equal(rule, Guard(false, allowed).Judge(host, port, [IPAddress.Parse(address)])?.Rule);

    [Theory]
    [InlineData("93.184.216.34", "10.0.0.1")]
    [InlineData("10.0.0.1", "93.184.216.34")]
    [InlineData("93.184.216.34", "2606:4700::1111", "::1")]
    public void One_refused_address_among_several_refuses_the_host(params string[] addresses) =>
        Assert.NotNull(Closed.Judge("example.com", Port, [.. addresses.Select(IPAddress.Parse)]));

    [Fact]
    public void Allowing_one_address_does_not_allow_another_address_of_the_same_host() =>
        Assert.Equal("private network", Guard(false, "10.0.0.1").Judge("build.internal", Port, [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")])?.Rule);

    [Fact]
    public void Ports_of_other_services_are_refused_on_every_server_and_all_others_are_open()
    {
        int[] closed = [.. Enumerable.Range(0, 65536).Where(port => Open.Judge("127.0.0.1", port, [IPAddress.Loopback]) is not null)];

        Assert.Equal(BlockedPort.All.Append(0).Order(), closed);
        Assert.Subset(
            closed.ToHashSet(),
            new HashSet<int> { 21, 22, 23, 25, 53, 110, 143, 389, 445, 465, 587, 636, 873, 993, 995, 1433, 1521, 3306, 5432, 6379, 9042, 11111, 11211, 27017, 30000 });
        Assert.DoesNotContain(closed, port => port is 80 or 443 or 3000 or 5000 or 8000 or 8080 or 8443 or 8484 or 9000 or 9090);
        Assert.Equal(closed, Enumerable.Range(0, 65536).Where(port => Closed.Judge("example.com", port, []) is not null));
    }

    [Theory]
    [InlineData("", "localhost", 443, "127.0.0.1", "localhost:443 resolves to 127.0.0.1, which is not allowed: loopback. To allow it, add \"localhost\" to Outbound:Allow.")]
    [InlineData("", "127.0.0.1", 80, "127.0.0.1", "127.0.0.1:80 is not allowed: loopback. To allow it, add \"127.0.0.1\" to Outbound:Allow.")]
    [InlineData("", "::1", 80, "::1", "[::1]:80 is not allowed: loopback. To allow it, add \"::1\" to Outbound:Allow.")]
    [InlineData("", "::1", 25, "::1", "[::1]:25 is not allowed: loopback. To allow it, add \"[::1]:25\" to Outbound:Allow.")]
    [InlineData("", "x.example", 80, "169.254.169.254", "x.example:80 resolves to 169.254.169.254, which is not allowed: cloud metadata.")]
    [InlineData("", "64:ff9b::a9fe:a9fe", 25, "64:ff9b::a9fe:a9fe", "[64:ff9b::a9fe:a9fe]:25 is not allowed: cloud metadata (it contains 169.254.169.254).")]
    [InlineData("", "64:ff9b::a00:1", 80, "64:ff9b::a00:1", "[64:ff9b::a00:1]:80 is not allowed: private network (it contains 10.0.0.1). To allow it, add \"10.0.0.1\" and \"64:ff9b::a00:1\" to Outbound:Allow.")]
    [InlineData("", "x.example", 25, "10.0.0.1", "x.example:25 resolves to 10.0.0.1, which is not allowed: private network. To allow it, add \"x.example:25\" to Outbound:Allow.")]
    [InlineData("", "x.example", 25, "93.184.216.34", "x.example:25 resolves to 93.184.216.34, which is not allowed: port 25 is for SMTP, not for HTTP. To allow it, add \"x.example:25\" to Outbound:Allow.")]
    [InlineData("", "x.example", 25, null, "x.example:25 is not allowed: port 25 is for SMTP, not for HTTP. To allow it, add \"x.example:25\" to Outbound:Allow.")]
    [InlineData("", "93.184.216.34", 0, "93.184.216.34", "93.184.216.34:0 is not allowed: there is no port 0.")]
    public void A_refusal_names_the_refused_address_and_the_entry_that_would_allow_it(string allowed, string host, int port, string? address, string text)
    {
        IPAddress[] addresses = address is null ? [] : [IPAddress.Parse(address)];
        AddressRefusal? refusal = Guard(false, allowed).Judge(host, port, addresses);

        Assert.Equal(text, refusal?.Text);
        if (port > 0 && !refusal!.Rule.StartsWith("cloud metadata", StringComparison.Ordinal))
        {
            Assert.Null(Guard(false, [.. refusal.Entries]).Judge(host, port, addresses));
        }
    }

    [Fact]
    public void The_entries_that_a_refusal_suggests_allow_the_address() =>
        Gen.Select(Gen.OneOf(Address, InClosedNetwork().Select(item => item.Address)), Gen.Int[1, 65535], Gen.Bool).Sample(
            (address, port, named) =>
            {
                string host = named ? "some.example" : address.ToString();
                if (Closed.Judge(host, port, [address]) is { } refusal && !refusal.Rule.StartsWith("cloud metadata", StringComparison.Ordinal))
                {
                    Assert.Null(Guard(false, [.. refusal.Entries]).Judge(host, port, [address]));
                }
            },
            iter: Fuzz.Cases);

    [Fact]
    public void Every_address_of_a_blocked_network_is_refused_in_every_IPv6_form() =>
        InClosedNetwork().Sample(
            item =>
            {
                Assert.NotNull(Closed.Judge("x.example", Port, [item.Address]));
                if (item.Closed.Reach != Reach.Own)
                {
                    Assert.NotNull(Open.Judge("x.example", Port, [item.Address]));
                }

                AddressGuard wrappingsOpen = Guard(false, "::/0");
                foreach (IPAddress wrapped in Wrappings(item.Address))
                {
                    Assert.NotNull(Closed.Judge("x.example", Port, [wrapped]));
                    Assert.NotNull(wrappingsOpen.Judge("x.example", Port, [wrapped]));
                }
            },
            iter: Fuzz.Cases);

    [Fact]
    public void An_IPv4_mapped_address_is_checked_like_its_IPv4_address() =>
        Gen.Byte.Array[4].Select(bytes => new IPAddress(bytes)).Sample(
            address =>
            {
                Assert.Equal(Rule(Closed, address), Rule(Closed, address.MapToIPv6()));
                Assert.Equal(Rule(Open, address), Rule(Open, address.MapToIPv6()));
            },
            iter: Fuzz.Cases);

    [Fact]
    public void A_closed_guard_refuses_every_address_that_an_open_guard_refuses() => Address.Sample(
        address => Assert.True(Rule(Open, address) is null || Rule(Closed, address) is not null),
        iter: Fuzz.Cases);

    [Fact]
    public void The_guard_of_a_server_with_a_proxy_allows_every_address() =>
        Assert.Null(AddressGuard.ForProxy.Judge("169.254.169.254", 25, [IPAddress.Parse("169.254.169.254")]));

    private static Gen<(BlockedNetwork Closed, IPAddress Address)> InClosedNetwork() =>
        Gen.Select(Gen.Int[0, BlockedNetwork.All.Count - 1], Gen.Byte.Array[16]).Select((index, random) =>
        {
            BlockedNetwork closed = BlockedNetwork.All[index];
            byte[] bytes = closed.Network.BaseAddress.GetAddressBytes();
            for (int bit = closed.Network.PrefixLength; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] |= (byte)(random[bit / 8] & (0x80 >> (bit % 8)));
            }

            return (closed, new IPAddress(bytes));
        });

    /// <summary>Returns every IPv6 form that can contain this IPv4 address; empty for an IPv6 address.</summary>
    private static IEnumerable<IPAddress> Wrappings(IPAddress address)
    {
        byte[] b = address.GetAddressBytes();
        return b.Length != 4 ? [] :
        [
            address.MapToIPv6(),
            new IPAddress([.. new byte[12], .. b]),
            new IPAddress([0, 0x64, 0xff, 0x9b, .. new byte[8], .. b]),
            new IPAddress([0x20, 0x02, .. b, .. new byte[10]]),
            new IPAddress([0x20, 0x01, 0, 0, 8, 8, 8, 8, 0, 0, 0, 0, (byte)~b[0], (byte)~b[1], (byte)~b[2], (byte)~b[3]]),
            new IPAddress([0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, .. b]),
            new IPAddress([0x26, 0x06, 0x47, 0, 0, 0, 0, 0, 0, 0, 0x5e, 0xfe, .. b]),
        ];
    }

    private static AddressGuard Guard(bool ownOpen, params string[] allowed) =>
        new(ownOpen, allowed.Where(entry => entry.Length > 0).Select(entry => AllowEntry.Parse(entry, out _)!));

    private static string? Rule(AddressGuard guard, string address) => Rule(guard, IPAddress.Parse(address));

    private static string? Rule(AddressGuard guard, IPAddress address) => guard.Judge(address.ToString(), Port, [address])?.Rule;
}
