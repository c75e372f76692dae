using System.Net;
using CsCheck;
using Nyala.Server.Outbound;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound;

public sealed class AllowEntryTests
{
    private static readonly Gen<string> Odd = Gen.Char["0123456789abcdefx.:/[]*-%_é中 \0"].Array[0, 20].Select(chars => new string(chars));

    [Theory]
    [InlineData("10.20.0.0/16", "10.20.0.0/16")]
    [InlineData(" 10.20.0.0/16 ", "10.20.0.0/16")]
    [InlineData("10.20.0.7", "10.20.0.7/32")]
    [InlineData("10.20.0.7:25", "10.20.0.7/32:25")]
    [InlineData("10.20.0.0/16:8080", "10.20.0.0/16:8080")]
    [InlineData("fd12::/32", "fd12::/32")]
    [InlineData("fd12::7", "fd12::7/128")]
    [InlineData("[fd12::7]", "fd12::7/128")]
    [InlineData("[fd12::7]:8080", "[fd12::7/128]:8080")]
    [InlineData("[fd12::/32]:8080", "[fd12::/32]:8080")]
    [InlineData("[fd12::]/32:8080", "[fd12::/32]:8080")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("build", "build")]
    [InlineData("build.internal", "build.internal")]
    [InlineData("Build.Internal.", "build.internal")]
    [InlineData("build.internal:9000", "build.internal:9000")]
    [InlineData("*.corp.example", "*.corp.example")]
    [InlineData("*.Corp.example:9000", "*.corp.example:9000")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("a_b.internal", "a_b.internal")]
    public void A_valid_entry_is_parsed_to_its_normalized_form(string text, string read) => Assert.Equal(read, AllowEntry.Parse(text, out _)?.ToString());

    [Theory]
    [InlineData(null, "an entry must be a network")]
    [InlineData("", "an entry must be a network")]
    [InlineData("*", "an entry must be a network")]
    [InlineData("*.", "an entry must be a network")]
    [InlineData("a.*.example", "an entry must be a network")]
    [InlineData("**.example", "an entry must be a network")]
    [InlineData("build internal", "an entry must be a network")]
    [InlineData("https://build.internal", "the port")]
    [InlineData("build.internal/x", "a network must be like")]
    [InlineData("[build.internal]", "an entry must be a network")]
    [InlineData("[fd12::7", "an entry must be a network")]
    [InlineData("10.0.0.1/8", "no address bits set")]
    [InlineData("10.0.0.0/33", "a network must be like")]
    [InlineData("10.0.0.0/", "a network must be like")]
    [InlineData("10.0.0.0/8/8", "a network must be like")]
    [InlineData("10.1", "a network must be like")]
    [InlineData("0x0a000001", "a network must be like")]
    [InlineData("012.0.0.1", "a network must be like")]
    [InlineData("10.0.0.256", "an entry must be a network")]
    [InlineData("fe80::1%1", "a network must be like")]
    [InlineData("fd12::1/32", "no address bits set")]
    [InlineData("::ffff:10.0.0.0/104", "IPv4-mapped")]
    [InlineData("::ffff:10.0.0.1", "IPv4-mapped")]
    [InlineData("build.internal:", "the port")]
    [InlineData("build.internal:0", "the port")]
    [InlineData("build.internal:65536", "the port")]
    [InlineData("build.internal:http", "the port")]
    [InlineData("10.0.0.0/8:x", "the port")]
    public void An_invalid_entry_is_refused_with_a_reason(string? text, string reason)
    {
        Assert.Null(AllowEntry.Parse(text, out string said));
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_refused_with_a_reason_or_read_as_an_entry_that_reads_back_the_same() => Gen.OneOf(Odd, Gen.String).Sample(
        text =>
        {
            if (AllowEntry.Parse(text, out string reason) is { } entry)
            {
                Assert.Equal(entry, AllowEntry.Parse(entry.ToString(), out _));
            }
            else
            {
                Assert.NotEmpty(reason);
            }
        },
        iter: Fuzz.Cases);

    [Fact]
    public void A_network_contains_its_addresses_and_matches_no_host_name() => Gen.Select(Gen.Byte.Array[4], Gen.Int[0, 32]).Sample(
        (bytes, length) =>
        {
            uint mask = length == 0 ? 0 : uint.MaxValue << (32 - length);
            byte[] first = [.. bytes.Select((part, i) => (byte)(part & (byte)(mask >> (24 - (8 * i)))))];
            AllowEntry entry = AllowEntry.Parse($"{new IPAddress(first)}/{length}", out _)!;

            Assert.True(entry.Holds(new IPAddress(bytes)));
            Assert.Equal(length == 32, entry.IsJust(new IPAddress(bytes)));
            Assert.False(entry.Names(new IPAddress(bytes).ToString()));
        },
        iter: Fuzz.Cases);
}
