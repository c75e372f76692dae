using System.Net;
using Nyala.Server.Access;
using Nyala.Tests.Support;

namespace Nyala.Tests.Access;

public sealed class FailedSignInsTests
{
    private readonly SignalClock _clock = new();
    private readonly FailedSignIns _failures;

    public FailedSignInsTests() => _failures = new FailedSignIns(_clock);

    [Fact]
    public void Failed_sign_ins_are_counted_for_a_minute_from_the_first()
    {
        Assert.Equal((1, TimeSpan.FromSeconds(60)), Add("10.0.0.1"));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal((2, TimeSpan.FromSeconds(1)), Add("10.0.0.1"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, TimeSpan.FromSeconds(60)), Add("10.0.0.1"));
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void Failures_are_counted_per_IPv4_address_or_IPv6_prefix_of_64_bits(string one, string other, bool same)
    {
        Add(one);

        Assert.Equal(same ? 2 : 1, Add(other).Failures);
    }

    [Fact]
    public void The_number_of_addresses_is_limited_and_the_oldest_are_dropped()
    {
        for (int i = 0; i < FailedSignIns.MaxAddresses + 5; i++)
        {
            _failures.Add(new IPAddress(i + 1));
        }

        Assert.Equal(FailedSignIns.MaxAddresses, _failures.Addresses);
        Assert.Equal(2, _failures.Add(new IPAddress(FailedSignIns.MaxAddresses)).Failures);
        Assert.Equal(1, _failures.Add(new IPAddress(1)).Failures);
    }

    [Fact]
    public void Addresses_are_dropped_when_their_window_ends()
    {
        Add("10.0.0.1");
        Add("10.0.0.2");
        _clock.Advance(FailedSignIns.Window);

        Add("10.0.0.3");

        Assert.Equal(1, _failures.Addresses);
    }

    private (int Failures, TimeSpan Left) Add(string address) => _failures.Add(IPAddress.Parse(address));
}
