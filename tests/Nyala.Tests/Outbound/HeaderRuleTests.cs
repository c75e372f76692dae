using CsCheck;
using Nyala.Server.Outbound;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound;

public sealed class HeaderRuleTests
{
    private static readonly Gen<string> Odd = Gen.Char["ab-:\r\n\t\0 é\"()/@1~\u007f"].Array[0, 12].Select(chars => new string(chars));

    [Theory]
    [InlineData("X-Api-Key", "secret")]
    [InlineData("Authorization", "Bearer abc.def")]
    [InlineData("User-Agent", "curl/8")]
    [InlineData("Cookie", "a=b; c=d")]
    [InlineData("Content-Language", "de")]
    [InlineData("Content-Disposition", "inline")]
    [InlineData("Expires", "0")]
    [InlineData("x", "")]
    [InlineData("X-Tab", "a\tb")]
    [InlineData("X!#$%&'*+.^_`|~9", "x")]
    [InlineData("webhooks", "x")]
    [InlineData("X-Nyala-Chain", "x")]
    [InlineData("X-Host", "x")]
    public void A_custom_header_is_accepted(string name, string value) => Assert.Null(HeaderRule.Refuses([new CustomHeader(name, value)]));

    [Theory]
    [InlineData("Host")]
    [InlineData("host")]
    [InlineData("Content-Length")]
    [InlineData("CONTENT-TYPE")]
    [InlineData("Content-Encoding")]
    [InlineData("Content-Range")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Upgrade")]
    [InlineData("HTTP2-Settings")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Expect")]
    [InlineData("Date")]
    [InlineData("Proxy-Authorization")]
    [InlineData("Proxy-Connection")]
    [InlineData("webhook-id")]
    [InlineData("Webhook-Signature")]
    [InlineData("webhook-anything")]
    [InlineData("Nyala-Event")]
    [InlineData("nyala-chain")]
    [InlineData("traceparent")]
    [InlineData("Tracestate")]
    public void A_reserved_header_is_refused(string name) =>
        Assert.StartsWith($"'{name}' cannot be set: ", HeaderRule.Refuses([new CustomHeader(name, "x")]), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "x", "is not a valid header name")]
    [InlineData("X Y", "x", "is not a valid header name")]
    [InlineData("X:", "x", "is not a valid header name")]
    [InlineData("X\r\nY", "x", "is not a valid header name")]
    [InlineData("Ümlaut", "x", "is not a valid header name")]
    [InlineData("(x)", "x", "is not a valid header name")]
    [InlineData("X", "a\r\nY: b", "line break")]
    [InlineData("X", "a\nb", "line break")]
    [InlineData("X", "a\rb", "line break")]
    [InlineData("X", "a\0b", "line break")]
    [InlineData("X", "a\u007f", "line break")]
    [InlineData("X", "grün", "a non-ASCII character")]
    [InlineData("X", " a", "starts or ends with a space")]
    [InlineData("X", "a\t", "starts or ends with a space")]
    public void An_invalid_header_name_or_value_is_refused(string name, string value, string reason) =>
        Assert.Contains(reason, HeaderRule.Refuses([new CustomHeader(name, value)]), StringComparison.Ordinal);

    [Fact]
    public void There_are_at_most_20_headers_of_at_most_4_KiB_each()
    {
        CustomHeader[] headers = [.. Enumerable.Range(0, 21).Select(number => new CustomHeader($"X-{number}", new string('x', 4096)))];

        Assert.Null(HeaderRule.Refuses(headers[..20]));
        Assert.StartsWith("21 headers are too many", HeaderRule.Refuses(headers), StringComparison.Ordinal);
        Assert.Contains("a value of 4097 characters", HeaderRule.Refuses([new CustomHeader("X", new string('x', 4097))]), StringComparison.Ordinal);
        Assert.Null(HeaderRule.Refuses([new CustomHeader(new string('x', 100), "")]));
        Assert.Contains("is not a valid header name", HeaderRule.Refuses([new CustomHeader(new string('x', 101), "")]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_is_given_twice_is_refused() =>
        Assert.Contains("given twice", HeaderRule.Refuses([new CustomHeader("X-A", "1"), new CustomHeader("x-a", "2")]), StringComparison.Ordinal);

    [Fact]
    public void ToString_of_a_header_does_not_contain_its_value() => Assert.DoesNotContain("secret", $"{new CustomHeader("X-Api-Key", "secret")}", StringComparison.Ordinal);

    [Fact]
    public void An_accepted_header_is_one_line_and_a_refused_one_has_a_reason() => Gen.Select(Gen.OneOf(Odd, Gen.String), Gen.OneOf(Odd, Gen.String)).Sample(
        (name, value) =>
        {
            string? reason = HeaderRule.Refuses([new CustomHeader(name, value)]);
            bool oneLine = !(name + value).Any(c => c is '\r' or '\n' or '\0' || !char.IsAscii(c)) && !name.Contains(':', StringComparison.Ordinal);

            Assert.True(reason is { Length: > 0 } || oneLine, $"'{name}': '{value}'");
        },
        iter: Fuzz.Cases);
}
