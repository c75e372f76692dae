using CsCheck;
using MimeKit;
using Nyala.Server.Outbound;

namespace Nyala.Tests.Outbound;

public sealed class MailAddressTests
{
    [Theory]
    [InlineData("someone@example.com", "someone@example.com")]
    [InlineData("First.Last+deploys@Example.COM", "First.Last+deploys@example.com")]
    [InlineData("o'brien@example.com", "o'brien@example.com")]
    [InlineData("ops@localhost", "ops@localhost")]
    [InlineData("ops@example.com.", "ops@example.com")]
    [InlineData("ops@bücher.example", "ops@xn--bcher-kva.example")]
    [InlineData("", null)]
    [InlineData("someone", null)]
    [InlineData("@example.com", null)]
    [InlineData("someone@", null)]
    [InlineData("a@example.com,b@example.com", null)]
    [InlineData("a@example.com;b@example.com", null)]
    [InlineData("a@b@example.com", null)]
    [InlineData("\"a b\"@example.com", null)]
    [InlineData("A B <a@example.com>", null)]
    [InlineData("a@example.com\r\nBcc: b@example.com", null)]
    [InlineData("a@example.com%0ABcc:b@example.com", null)]
    [InlineData("a@example.com?subject=x", null)]
    [InlineData("a..b@example.com", null)]
    [InlineData(".a@example.com", null)]
    [InlineData("müller@example.com", null)]
    [InlineData("a@[127.0.0.1]", null)]
    [InlineData("a@exa mple.com", null)]
    [InlineData("a@example..com", null)]
    public void One_plain_address_is_accepted(string text, string? address)
    {
        Assert.Equal(address, MailAddress.Parse(text, out string reason));
        Assert.Equal(address is null, reason.Length > 0);
    }

    [Fact]
    public void A_local_part_has_at_most_64_characters()
    {
        Assert.True(MailAddress.IsValid(new string('a', 64) + "@example.com"));
        Assert.False(MailAddress.IsValid(new string('a', 65) + "@example.com"));
    }

    [Fact]
    public void An_accepted_address_means_the_same_in_a_mail() => Gen.String[Gen.Char["ab.@<>\"',;: \r\n()[]\\+é"], 0, 20].Sample(text =>
    {
        if (MailAddress.Parse(text + "@example.com", out _) is { } address)
        {
            var header = new InternetAddressList { new MailboxAddress(null, address) };
            Assert.Equal(address, header.ToString());
            Assert.Equal(address, MailboxAddress.Parse(header.ToString()).Address);
        }
    });
}
