using Nyala.Server.Front;

namespace Nyala.Tests.Front;

public sealed class OriginRuleTests
{
    private static readonly string[] Own = ["http://127.0.0.1:8484", "https://nyala.example.com"];

    [Theory]
    [InlineData("POST", null, null, false)]
    [InlineData("GET", "https://evil.com", "cross-site", false)]
    [InlineData("HEAD", "https://evil.com", null, false)]
    [InlineData("POST", "http://127.0.0.1:8484", "same-origin", false)]
    [InlineData("POST", "HTTPS://Nyala.example.com:443", null, false)]
    [InlineData("POST", null, "same-origin", false)]
    [InlineData("POST", null, "none", false)]
    [InlineData("POST", "https://evil.com", null, true)]
    [InlineData("PUT", "https://evil.com", "same-origin", true)]
    [InlineData("DELETE", "http://127.0.0.1:8485", null, true)]
    [InlineData("POST", "https://127.0.0.1:8484", null, true)]
    [InlineData("POST", "null", null, true)]
    [InlineData("POST", "", null, true)]
    [InlineData("POST", null, "cross-site", true)]
    [InlineData("POST", null, "same-site", true)]
    public void A_changing_request_is_refused_if_a_page_of_another_origin_sends_it(string method, string? origin, string? fetchSite, bool refused) =>
        Assert.Equal(refused, OriginRule.Refuses(method, origin, fetchSite, Own));
}
