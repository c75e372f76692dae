using System.Globalization;
using CsCheck;
using Microsoft.Extensions.Primitives;
using Nyala.Client;
using Nyala.Server.Access;
using Nyala.Server.Events;
using Nyala.Server.Http;
using Nyala.Server.Outbound;
using Nyala.Tests.Support;

namespace Nyala.Tests.Fuzzing;

/// <summary>Reading any value of a header or a query parameter never throws and never accepts an invalid value.</summary>
public sealed class HeaderFuzzTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];
    private static readonly byte[] Body = "{\"id\":7}"u8.ToArray();
    private static readonly SignalClock Clock = new();
    private static readonly string Time = Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
    private static readonly string Signature = WebhookSignature.Sign(Key, "msg_1", Time, Body);
    private static readonly WebhookVerifier Verifier = new(["whsec_" + Convert.ToBase64String(Key)], clock: Clock);

    [Fact]
    public void Only_the_true_signature_is_genuine()
    {
        Assert.Equal(WebhookVerdict.Genuine, Verify("msg_1", Time, Signature));
        Gen.Select(Odd.Text("msg_1", "msg_2", ""), Odd.Text(Time, "0", "-1", "99999999999999999999"), Odd.Text(Signature, $"v1,x {Signature}", Signature[3..], "v1,", "v1a," + Signature[3..]))
            .Sample(
                (id, time, signature) =>
                {
                    bool genuine = id == "msg_1" && time == Time && signature.Split(' ').Contains(Signature);

                    Assert.Equal(genuine, Verify(id, time, signature) == WebhookVerdict.Genuine);
                },
                iter: Fuzz.Cases);
    }

    [Fact]
    public void Only_the_signed_body_is_genuine() => Odd.Mutated(Gen.Const(Body)).Sample(
        body => Assert.Equal(body.AsSpan().SequenceEqual(Body), Verifier.Verify(body, name => Header(name, "msg_1", Time, Signature)) == WebhookVerdict.Genuine),
        iter: Fuzz.Cases);

    [Fact]
    public void An_idempotency_key_is_1_to_255_visible_ASCII_characters() => Odd.Text("k1", new string('k', 255), new string('k', 256), "a b").Sample(
        key => Assert.Equal(key.Length is > 0 and < 256 && key.All(c => c is >= '!' and <= '~'), IdempotencyKey.IsValid(key)),
        iter: Fuzz.Cases);

    [Fact]
    public void A_traceparent_is_passed_on_unchanged_or_not_at_all()
    {
        const string Good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        Assert.Equal(Good, TraceParent.Read(Good));
        Odd.Text(Good, Good.ToUpperInvariant(), "ff" + Good[2..], Good + "-x").Sample(
            value => Assert.True(TraceParent.Read(value) is not { } read || (read == value && HeaderRule.Refuses([new CustomHeader("X", read)]) is null)),
            iter: Fuzz.Cases);
    }

    [Fact]
    public void A_chain_length_is_a_decimal_number_or_not_read() => Odd.Text("0", "5", "6", "2147483648", "+1", "٣", "1,2").Sample(
        value =>
        {
            int? read = ChainRule.Read(new StringValues(value));

            Assert.True(read is null || (value.All(char.IsAsciiDigit) && read >= 0));
        },
        iter: Fuzz.Cases);

    [Fact]
    public void A_token_read_from_an_Authorization_header_is_never_empty() =>
        Odd.Text("Bearer token", "Basic YW5uOnRva2Vu", "Basic Og==", "basic \u00ff", "Bearer", "Bearer ").Sample(
            value => Assert.True(Credentials.TokenIn(value) is not { Length: 0 }), iter: Fuzz.Cases);

    [Fact]
    public void Paging_parameters_are_within_their_limits_or_rejected() =>
        Gen.Select(Odd.Text("1", "100", "1000", "1001", "-1"), Odd.Text("0", "912976469544665088", "9223372036854775807", "9223372036854775808")).Sample(
            (limit, before) =>
            {
                bool read = Paging.TryRead(limit, before, out Paging page, out string refusal);

                Assert.Equal(read, refusal.Length == 0);
                Assert.InRange(page.Limit, 1, Paging.MaxLimit);
                Assert.True(page.Before >= 0);
            },
            iter: Fuzz.Cases);

    [Fact]
    public void A_duration_with_a_unit_is_never_negative() => Odd.Text("250ms", "30s", "1.5h", "7d", "00:00:30", "1e999s", "99999999999999999999d", "NaNs").Sample(
        text => Assert.True(!Duration.TryParse(text, out TimeSpan read) || text.Contains(':', StringComparison.Ordinal) || read >= TimeSpan.Zero),
        iter: Fuzz.Cases);

    private static WebhookVerdict Verify(string id, string time, string signature) => Verifier.Verify(Body, name => Header(name, id, time, signature));

    private static string? Header(string name, string id, string time, string signature) => name switch
    {
        WebhookSignature.IdHeader => id,
        WebhookSignature.TimestampHeader => time,
        WebhookSignature.SignatureHeader => signature,
        _ => null,
    };
}
