using System.Text;
using CsCheck;
using Nyala.Server.Hooks;
using Nyala.Server.Outbound;

namespace Nyala.Tests.Hooks;

public sealed class HookUrlRuleTests
{
    private static readonly string[] Starts = ["http://", "https://", "HTTP://", "http:", "http://a@", "http://u:p@h/"];

    private static readonly Gen<string> Odd = Gen.Char["ahtp:/?#@[]%.&=+~;,'()!*$|^`{}<>\"é中\ud8001234567890-_"].Array[0, 24].Select(chars => new string(chars));

    [Theory]
    [InlineData("http://example.com", "http://example.com", null)]
    [InlineData("  https://example.com/x \n", "https://example.com/x", null)]
    [InlineData("https://u:p@example.com/x?y=z@w", "https://example.com/x?y=z@w", "u:p")]
    [InlineData("https://example.com/a@b", "https://example.com/a@b", null)]
    [InlineData("https://example.com?u=a@b", "https://example.com?u=a@b", null)]
    [InlineData("https://example.com#a@b", "https://example.com#a@b", null)]
    [InlineData("https://u%40x:p%2Fq@example.com:8443/", "https://example.com:8443/", "u%40x:p%2Fq")]
    [InlineData("https://$user:pass@[2001:4860::1]:99/x", "https://[2001:4860::1]:99/x", "$user:pass")]
    [InlineData("HTTPS://Example.com/Path", "HTTPS://Example.com/Path", null)]
    public void A_url_is_split_from_its_user_info_and_not_rewritten(string given, string url, string? userInfo) =>
        Assert.Equal(new HookUrl(url, userInfo), HookUrl.Parse(given, out _));

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("", "is missing")]
    [InlineData("   ", "is missing")]
    [InlineData("example.com/x", "must be an absolute URL")]
    [InlineData("/callback", "must be an absolute URL")]
    [InlineData("//example.com/x", "must be an absolute URL")]
    [InlineData("http:example.com", "must be an absolute URL")]
    [InlineData("http:/example.com", "must be an absolute URL")]
    [InlineData("http://", "must be an absolute URL")]
    [InlineData("http:///x", "must be an absolute URL")]
    [InlineData("http://example.com:99999/", "must be an absolute URL")]
    [InlineData("http://exa mple.com/", "contains a space")]
    [InlineData("http://example.com/a\u0001", "contains a space")]
    [InlineData("http://example.com/a\nb", "contains a space")]
    [InlineData("http://example.com\\@evil.example/", "contains a space")]
    [InlineData("ftp://example.com/", "scheme 'ftp'")]
    [InlineData("file:///etc/passwd", "scheme 'file'")]
    [InlineData("gopher://example.com/", "scheme 'gopher'")]
    [InlineData("javascript://example.com/%0aalert(1)", "scheme 'javascript'")]
    public void An_invalid_url_is_refused_with_a_reason(string? given, string reason)
    {
        Assert.Null(HookUrl.Parse(given, out string said));
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_url_has_at_most_4096_characters()
    {
        Assert.NotNull(HookUrl.Parse("http://example.com/".PadRight(4096, 'x'), out _));
        Assert.Null(HookUrl.Parse("http://example.com/".PadRight(4097, 'x'), out string reason));
        Assert.Contains("4097", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.com/x?sig=a%2Bb%2fc%3D&x=%7e&y=a+b", "/x?sig=a%2Bb%2fc%3D&x=%7e&y=a+b")]
    [InlineData("https://example.com/a/../b/./c//d?q=[1]|{2}", "/a/../b/./c//d?q=[1]|{2}")]
    [InlineData("https://example.com/%41%2e%2e/", "/%41%2e%2e/")]
    [InlineData("https://example.com/x?y=z#fragment", "/x?y=z")]
    [InlineData("https://example.com?x=1", "/?x=1")]
    [InlineData("https://example.com", "/")]
    public void Path_and_query_are_sent_unchanged(string given, string sent) =>
        Assert.Equal(sent, HookUrl.Parse(given, out _)!.ToUri().PathAndQuery);

    [Fact]
    public void Every_ASCII_query_is_sent_unchanged() =>
        Gen.Char["azAZ09-._~!$&'()*+,;=:@/?%[]{}|^`\"<>"].Array[0, 40].Select(chars => new string(chars)).Sample(query =>
            Assert.Equal("/x?" + query, HookUrl.Parse("https://example.com/x?" + query, out _)!.ToUri().PathAndQuery));

    [Fact]
    public void Every_accepted_url_keeps_its_host_and_loses_user_info_and_fragment() =>
        Gen.Select(Gen.Int[0, Starts.Length - 1].Select(index => Starts[index]), Odd).Sample(
            (start, rest) =>
            {
                if (HookUrl.Parse(start + rest, out _) is { } url)
                {
                    Assert.Equal(new Uri((start + rest).Trim()).IdnHost, url.ToUri().IdnHost);
                    Assert.Empty(url.ToUri().UserInfo);
                    Assert.Empty(url.ToUri().Fragment);
                }
            },
            iter: 20_000);

    [Theory]
    [InlineData("https://example.com/x", null, "https://example.com/x")]
    [InlineData("https://example.com/x", "user:secret", "https://user:***@example.com/x")]
    [InlineData("https://example.com/x", "user:", "https://user:***@example.com/x")]
    [InlineData("https://example.com/x", "user:a:b", "https://user:***@example.com/x")]
    [InlineData("https://example.com/x", "user", "https://user@example.com/x")]
    public void A_shown_url_has_the_user_and_a_masked_password(string url, string? userInfo, string shown) =>
        Assert.Equal(shown, HookUrl.Show(url, userInfo));

    [Theory]
    [InlineData("user:pass", "user:pass")]
    [InlineData("$site%40x:p%3Aq%2Fr%25", "$site@x:p:q/r%")]
    [InlineData("u+v:p+q", "u+v:p+q")]
    [InlineData("gr%C3%BCn:p", "grün:p")]
    [InlineData("user", "user:")]
    public void Credentials_are_sent_percent_decoded(string userInfo, string credentials) =>
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)), HookUrl.Authorization(userInfo));

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data", "cloud metadata")]
    [InlineData("http://u:p@169.254.169.254/", "cloud metadata")]
    [InlineData("http://2852039166/", "cloud metadata")]
    [InlineData("http://0xa9fea9fe/", "cloud metadata")]
    [InlineData("http://0251.0376.0251.0376/", "cloud metadata")]
    [InlineData("http://[::ffff:169.254.169.254]/", "cloud metadata")]
    [InlineData("http://[::ffff:a9fe:a9fe]:80/", "cloud metadata")]
    [InlineData("http://[fd00:ec2::254]/", "cloud metadata")]
    [InlineData("http://127.1:8080/", "loopback")]
    [InlineData("http://[::1]/", "loopback")]
    [InlineData("http://0/", "this network")]
    [InlineData("http://[fe80::1%25eth0]/", "link-local")]
    [InlineData("http://example.com/", null)]
    [InlineData("http://93.184.216.34/", null)]
    public void A_literal_address_is_checked_in_every_notation(string given, string? rule) =>
        Assert.Equal(rule, new AddressGuard(ownOpen: false, []).Judge(HookUrl.Parse(given, out _)!.ToUri())?.Rule);
}
