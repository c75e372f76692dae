using CsCheck;
using Nyala.Client;

namespace Nyala.Tests.Client;

public sealed class WebhookSecretTests
{
    [Fact]
    public void A_new_secret_has_32_random_bytes()
    {
        string secret = WebhookSecret.Create();

        Assert.True(WebhookSecret.TryDecode(secret, out byte[] key));
        Assert.Equal(32, key.Length);
        Assert.NotEqual(secret, WebhookSecret.Create());
    }

    [Fact]
    public void Only_keys_of_24_to_64_bytes_are_accepted() =>
        Gen.Byte.Array[0, 90].Sample(key =>
        {
            bool taken = WebhookSecret.TryDecode("whsec_" + Convert.ToBase64String(key), out byte[] read);

            Assert.Equal(key.Length is >= 24 and <= 64, taken);
            Assert.Equal(taken ? key : [], read);
        });

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Keys_of_24_and_64_bytes_are_accepted_and_keys_of_23_and_65_bytes_are_rejected(int length, bool taken) =>
        Assert.Equal(taken, WebhookSecret.TryDecode("whsec_" + Convert.ToBase64String(new byte[length]), out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64 at all, though it is long enough")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS")]
    public void A_secret_that_is_not_whsec_and_base64_is_rejected(string? secret) => Assert.False(WebhookSecret.TryDecode(secret, out _));

    [Fact]
    public void TryDecode_returns_false_for_any_invalid_text() => Gen.String.Sample(text => Assert.False(WebhookSecret.TryDecode("whsec_!" + text, out _)));
}
