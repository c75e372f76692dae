using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Nyala.Client;

namespace Nyala.Tests.Client;

public sealed class WebhookVerifierTests
{
    // The example of the Standard Webhooks specification and of its libraries.
    private const string SpecSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string SpecId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string SpecTimestamp = "1614265330";
    private const string SpecSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly byte[] SpecBody = """{"test": 2432232314}"""u8.ToArray();

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1614265330));

    [Fact]
    public void Sign_returns_the_signature_of_the_specifications_example() =>
        Assert.Equal(SpecSignature, WebhookSignature.Sign(Key(SpecSecret), SpecId, SpecTimestamp, SpecBody));

    [Fact]
    public void Verify_accepts_the_specifications_example() => Assert.Equal(WebhookVerdict.Genuine, Verify(SpecSecret, SpecBody, SpecSignature));

    [Fact]
    public void Verify_accepts_every_message_that_Sign_signed() =>
        Gen.Select(Gen.Byte.Array[24, 64], Gen.String[1, 30], Gen.Byte.Array[0, 300]).Sample((key, id, body) =>
        {
            var verifier = new WebhookVerifier(["whsec_" + Convert.ToBase64String(key)], clock: _clock);

            Assert.Equal(WebhookVerdict.Genuine, verifier.Verify(body, Headers(id, SpecTimestamp, WebhookSignature.Sign(key, id, SpecTimestamp, body))));
        });

    [Fact]
    public void Verify_detects_a_single_changed_bit_in_the_body() =>
        Gen.Select(Gen.Byte.Array[1, 100], Gen.Int[0, 99], Gen.Int[0, 7]).Sample((body, index, bit) =>
        {
            string signature = WebhookSignature.Sign(Key(SpecSecret), SpecId, SpecTimestamp, body);
            body[index % body.Length] ^= (byte)(1 << bit);

            Assert.Equal(WebhookVerdict.WrongSignature, Verify(SpecSecret, body, signature));
        });

    [Fact]
    public void Verify_detects_another_id_timestamp_or_secret()
    {
        var verifier = new WebhookVerifier([SpecSecret], clock: _clock);

        Assert.Equal(WebhookVerdict.WrongSignature, verifier.Verify(SpecBody, Headers("msg_other", SpecTimestamp, SpecSignature)));
        Assert.Equal(WebhookVerdict.WrongSignature, verifier.Verify(SpecBody, Headers(SpecId, "1614265331", SpecSignature)));
        Assert.Equal(WebhookVerdict.WrongSignature, Verify(WebhookSecret.Create(), SpecBody, SpecSignature));
    }

    [Theory]
    [InlineData(-301, WebhookVerdict.TooNew)]
    [InlineData(-300, WebhookVerdict.Genuine)]
    [InlineData(0, WebhookVerdict.Genuine)]
    [InlineData(300, WebhookVerdict.Genuine)]
    [InlineData(301, WebhookVerdict.TooOld)]
    public void Verify_tolerates_a_clock_difference_of_five_minutes(int seconds, WebhookVerdict verdict)
    {
        var clock = new FakeTimeProvider(_clock.GetUtcNow().AddSeconds(seconds));
        var verifier = new WebhookVerifier([SpecSecret], clock: clock);

        Assert.Equal(verdict, verifier.Verify(SpecBody, Headers(SpecId, SpecTimestamp, SpecSignature)));
    }

    [Fact]
    public void The_tolerance_is_configurable()
    {
        _clock.Advance(TimeSpan.FromSeconds(20));
        var strict = new WebhookVerifier([SpecSecret], TimeSpan.FromSeconds(10), _clock);

        Assert.Equal(WebhookVerdict.TooOld, strict.Verify(SpecBody, Headers(SpecId, SpecTimestamp, SpecSignature)));
    }

    [Fact]
    public void Verify_accepts_the_old_and_the_new_secret_during_a_rotation()
    {
        string other = WebhookSecret.Create();
        var verifier = new WebhookVerifier([other, SpecSecret], clock: _clock);
        string byOther = WebhookSignature.Sign(Key(other), SpecId, SpecTimestamp, SpecBody);

        Assert.Equal(WebhookVerdict.Genuine, verifier.Verify(SpecBody, Headers(SpecId, SpecTimestamp, SpecSignature)));
        Assert.Equal(WebhookVerdict.Genuine, verifier.Verify(SpecBody, Headers(SpecId, SpecTimestamp, byOther)));
        Assert.Equal(WebhookVerdict.Genuine, Verify(SpecSecret, SpecBody, byOther + " " + SpecSignature));
        Assert.Equal(WebhookVerdict.Genuine, Verify(SpecSecret, SpecBody, "v1a,abc v2,def " + SpecSignature));
    }

    [Theory]
    [InlineData(null, SpecTimestamp, SpecSignature)]
    [InlineData("", SpecTimestamp, SpecSignature)]
    [InlineData(SpecId, null, SpecSignature)]
    [InlineData(SpecId, "", SpecSignature)]
    [InlineData(SpecId, "yesterday", SpecSignature)]
    [InlineData(SpecId, "-1614265330", SpecSignature)]
    [InlineData(SpecId, " 1614265330", SpecSignature)]
    [InlineData(SpecId, "1614265330.5", SpecSignature)]
    [InlineData(SpecId, "99999999999999999999", SpecSignature)]
    [InlineData(SpecId, SpecTimestamp, null)]
    [InlineData(SpecId, SpecTimestamp, "")]
    public void Verify_returns_NotSigned_if_a_header_is_missing_or_malformed(string? id, string? timestamp, string? signature) =>
        Assert.Equal(WebhookVerdict.NotSigned, new WebhookVerifier([SpecSecret], clock: _clock).Verify(SpecBody, Headers(id, timestamp, signature)));

    [Theory]
    [InlineData("v1,")]
    [InlineData("v1")]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE")]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=,")]
    [InlineData("   ")]
    public void Verify_returns_WrongSignature_for_a_malformed_signature(string signature) =>
        Assert.Equal(WebhookVerdict.WrongSignature, Verify(SpecSecret, SpecBody, signature));

    [Fact]
    public void Verify_never_throws_and_never_accepts_random_headers() =>
        Gen.Select(Gen.String, Gen.OneOf(Gen.String, Gen.Long.Select(seconds => seconds.ToString(CultureInfo.InvariantCulture))), Gen.String).Sample(
            (id, timestamp, signature) =>
            {
                var verifier = new WebhookVerifier([SpecSecret], clock: _clock);

                Assert.NotEqual(WebhookVerdict.Genuine, verifier.Verify(SpecBody, Headers(id, timestamp, signature)));
                Assert.NotEqual(WebhookVerdict.Genuine, verifier.Verify(SpecBody, Headers(id, SpecTimestamp, signature)));
            });

    [Theory]
    [InlineData("9223372036854775807", WebhookVerdict.TooNew)]
    [InlineData("253402300800", WebhookVerdict.TooNew)]
    [InlineData("0", WebhookVerdict.TooOld)]
    public void Verify_rejects_extreme_timestamps(string timestamp, WebhookVerdict verdict) =>
        Assert.Equal(verdict, new WebhookVerifier([SpecSecret], clock: _clock).Verify(SpecBody, Headers(SpecId, timestamp, SpecSignature)));

    [Fact]
    public void Sign_replaces_a_lone_surrogate_in_the_id_with_U_FFFD()
    {
        byte[] message = [.. Encoding.UTF8.GetBytes($"msg_\ufffd.{SpecTimestamp}."), .. SpecBody];
        string expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Key(SpecSecret), message));

        Assert.Equal(expected, WebhookSignature.Sign(Key(SpecSecret), "msg_\ud800", SpecTimestamp, SpecBody));
    }

    [Fact]
    public void The_constructor_throws_if_a_secret_is_missing_or_invalid()
    {
        Assert.Throws<ArgumentException>(() => new WebhookVerifier([]));
        Assert.Throws<ArgumentException>(() => new WebhookVerifier([SpecSecret, "secret"]));
        Assert.Throws<ArgumentException>(() => new WebhookVerifier("whsec_"));
    }

    private WebhookVerdict Verify(string secret, byte[] body, string signature) =>
        new WebhookVerifier([secret], clock: _clock).Verify(body, Headers(SpecId, SpecTimestamp, signature));

    private static byte[] Key(string secret) => WebhookSecret.TryDecode(secret, out byte[] key) ? key : throw new ArgumentException(secret);

    private static Func<string, string?> Headers(string? id, string? timestamp, string? signature) => name => name switch
    {
        "webhook-id" => id,
        "webhook-timestamp" => timestamp,
        "webhook-signature" => signature,
        _ => null,
    };
}
