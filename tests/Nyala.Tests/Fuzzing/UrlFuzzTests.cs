using CsCheck;
using Nyala.Server.Hooks;
using Nyala.Server.Outbound;
using Nyala.Tests.Support;

namespace Nyala.Tests.Fuzzing;

/// <summary>Any text for the URL of a hook is either rejected or works in everything that is done with it later.</summary>
public sealed class UrlFuzzTests
{
    private static readonly AddressGuard Guard = new(ownOpen: false, []);

    private static readonly string[] Known =
    [
        "http://example.com/callback", "https://ann:p%40ss@example.com:8443/a/../b?sig=a%2Bb#part", "http://[::1]:8080/", "http://b\u00fccher.example/\u00fc?\u00fc", "HTTP://EXAMPLE.COM",
        "http://127.1", "http://a@b@c", "http://@/", "http://:@:0/", "http://user:@host", "http:///x", "http://%00/", "http://xn--/", "http://\ud800/", "http://a/\ud800", "http://\u3002/",
        "http://host?u@v", "http://host#u@v", "http://u://x@host", "http://[fe80::1%25eth0]/", "file:///etc/passwd", "http://u:***@host/",
    ];

    private static readonly Gen<string> Parts = Odd.Of(
        "http://", "https://", "://", "@", ":", "/", "?", "#", "[", "]", "%", "%2", "%00", ".", "..", "a", "example.com", "127.0.0.1", "::1", "80", "65536", "\u00fc", "\ud800", "\u3002",
        "\u0130", "xn--", "***", "user", "\\", " ", "\t", "mailto:", "sms:", "tel:", "+45", "12345678", "\r\n", ",").Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> Text = Gen.OneOf(Odd.Text(Known), Parts, Parts.Select(rest => "http://" + rest));

    [Fact]
    public void Any_text_is_rejected_or_is_a_URL_that_can_be_judged_and_called() => Text.Sample(
        text =>
        {
            HookUrl? url = HookUrl.Parse(text, out string reason);

            Assert.Equal(url is null, reason.Length > 0);
            if (url is null)
            {
                return;
            }

            Uri called = url.ToUri();
            Assert.Equal(url.IsHttp, called.Scheme is "http" or "https");
            Assert.DoesNotContain('@', HookUrl.Origin(url.Url));
            if (!url.IsHttp)
            {
                Assert.Matches("^(mailto:[!-~]+@[a-z0-9.-]+|(tel|sms):[+][0-9]+)\\z", url.Url);
                return;
            }

            Assert.NotEmpty(called.IdnHost);
            Assert.Empty(called.UserInfo);
            Assert.StartsWith("/", called.PathAndQuery, StringComparison.Ordinal);
            Guard.Judge(called);
            Assert.StartsWith("Basic ", HookUrl.Authorization(url.UserInfo ?? ""), StringComparison.Ordinal);
        },
        iter: Fuzz.Cases);

    [Fact]
    public void A_parsed_URL_and_its_displayed_form_parse_to_the_same_URL() => Text.Sample(
        text =>
        {
            if (HookUrl.Parse(text, out _) is not { } url)
            {
                return;
            }

            Assert.Equal(url with { UserInfo = null }, HookUrl.Parse(url.Url, out _));
            string shown = HookUrl.Show(url.Url, url.UserInfo);
            Assert.Equal(url.Url, HookUrl.Parse(shown, out string reason)?.Url);
            Assert.Equal("", reason);
            Assert.True(url.UserInfo?.Contains(':', StringComparison.Ordinal) != true || HookUrl.Parse(shown, out _)!.IsMasked);
        },
        iter: Fuzz.Cases);

    [Fact]
    public void Finding_a_hook_by_any_text_returns_that_hook_or_none() => Gen.Select(Text, Text).Sample(
        (given, url) => Assert.True(HookQuery.Find(given, whole => whole == url ? 1 : null, beginning => url.StartsWith(beginning, StringComparison.Ordinal) ? [(1L, url)] : []) is null or 1), iter: Fuzz.Cases);
}
