using System.Text;
using CsCheck;
using Nyala.Server.Access;
using Nyala.Server.Secrets;
using Nyala.Tests.Support;

namespace Nyala.Tests.Secrets;

public sealed class TextMaskTests
{
    private const string Secret = "s3cr3t/p4ss+w0rd?";

    // A small alphabet, so that values overlap, contain each other, and contain the mask itself.
    private const string Characters = "aaaaaabbbb*\n";
    private static readonly Gen<string> Value = Gen.Char[Characters].Array[4, 12].Select(characters => new string(characters));
    private static readonly GenArray<char> WithAsterisks = Gen.Char["ab**"].Array;
    private static readonly Gen<string> Text = Gen.OneOf(Gen.Char[Characters].Array[0, 100].Select(characters => new string(characters)), Gen.String);

    [Fact]
    public void No_value_survives_and_everything_else_is_unchanged() =>
        Gen.Select(Value.Array[0, 4], Value.Array[0, 3], Text).Sample(
            (values, more, text) =>
            {
                string masked = TextMask.TokensOnly.With(values).With(more).Apply(text);

                string[] forms = [.. values.Concat(more).SelectMany(MaskedForms.Of)];
                Assert.All(forms, form => Assert.DoesNotContain(form, masked, StringComparison.Ordinal));
                Assert.Equal(MaskOneByOne(forms, text), masked);
            },
            iter: Fuzz.Cases);

    [Fact]
    public void Masking_twice_changes_nothing() =>
        Gen.Select(WithAsterisks[6, 8].Array[1, 6], WithAsterisks[0, 48]).Sample(
            (values, text) =>
            {
                TextMask mask = TextMask.TokensOnly.With(values.Select(characters => new string(characters)));
                string once = mask.Apply(new string(text));

                Assert.Equal(once, mask.Apply(once));
            },
            iter: Fuzz.Cases);

    [Theory]
    [InlineData("password: s3cr3t/p4ss+w0rd?", "password: ***")]
    [InlineData("s3cr3t/p4ss+w0rd?s3cr3t/p4ss+w0rd?", "***")]
    [InlineData("'s3cr3t/p4ss+w0rd?' s3cr3t/p4ss+w0rd", "'***' s3cr3t/p4ss+w0rd")]
    [InlineData("S3CR3T/P4SS+W0RD?", "S3CR3T/P4SS+W0RD?")]
    [InlineData("?key=s3cr3t%2Fp4ss%2Bw0rd%3F&x=1", "?key=***&x=1")]
    [InlineData("", "")]
    public void A_value_is_replaced_wherever_it_occurs(string text, string masked) => Assert.Equal(masked, TextMask.TokensOnly.With(Secret).Apply(text));

    [Theory]
    [InlineData("12345", "12345")]
    [InlineData(" 12345 ", " 12345 ")]
    [InlineData("123456", "***")]
    [InlineData(" 123456\n", " ***\n")]
    [InlineData("", "")]
    public void A_value_is_masked_from_six_characters_on(string value, string masked)
    {
        Assert.Equal(masked, TextMask.TokensOnly.With(value).Apply(value));
        Assert.Equal(masked != value, TextMask.CanMask(value));
    }

    [Fact]
    public void A_value_of_several_lines_is_masked_line_by_line_and_as_a_JSON_string()
    {
        TextMask mask = TextMask.TokensOnly.With("-----BEGIN KEY-----\r\n  MIIEvQIBADAN\nshort\n-----END KEY-----\n");

        Assert.Equal("***\r\n  ***\nshort\n***\n", mask.Apply("-----BEGIN KEY-----\r\n  MIIEvQIBADAN\nshort\n-----END KEY-----\n"));
        Assert.Equal("""{"key":"***"}""", mask.Apply("""{"key":"-----BEGIN KEY-----\r\n  MIIEvQIBADAN\nshort\n-----END KEY-----"}"""));
    }

    [Fact]
    public void A_value_that_arises_from_a_replacement_is_masked_too() =>
        Assert.Equal("***d", TextMask.TokensOnly.With(Secret, "***abc").Apply($"{Secret}abcd"));

    [Fact]
    public void A_long_value_is_masked_as_a_whole_and_a_line_that_was_cut_shows_less_than_a_piece_of_it()
    {
        string value = string.Concat(Enumerable.Range(0, 500).Select(number => $"{number:x4}"));
        TextMask mask = TextMask.TokensOnly.With(value);

        Assert.Equal("<***>", mask.Apply($"<{value}>"));
        Assert.InRange(mask.Apply(value[..1500]).Length, 3, 3 + 64);
        Assert.InRange(mask.Apply(value[1500..]).Length, 3, 3 + 64);
    }

    [Theory]
    [InlineData("")]
    [InlineData("u")]
    [InlineData("us")]
    [InlineData("user")]
    public void A_value_in_base64_is_masked_wherever_it_starts_in_a_group_of_three_bytes(string user)
    {
        string header = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{Secret}"));
        string after = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{Secret}:and more"));
        TextMask mask = TextMask.TokensOnly.With(Secret);

        // At each end, the characters that also depend on the neighboring bytes remain.
        Assert.InRange(mask.Apply(header).Replace(TextMask.Masked, "", StringComparison.Ordinal).Length, 0, header.Length - (Secret.Length / 3 * 4) + 4);
        Assert.InRange(mask.Apply(after).Replace(TextMask.Masked, "", StringComparison.Ordinal).Length, 0, after.Length - (Secret.Length / 3 * 4) + 4);
    }

    [Fact]
    public void A_value_in_base64url_is_masked()
    {
        const string Value = "~~~???~~~???";
        string encoded = System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Value));

        Assert.Contains('_', encoded);
        Assert.Equal("<***>", TextMask.TokensOnly.With(Value).Apply($"<{encoded}>"));
    }

    [Fact]
    public void Whatever_has_the_form_of_an_access_token_is_masked()
    {
        string token = TokenHash.CreateToken();

        Assert.Equal("curl -u :*** and '***'", TextMask.TokensOnly.Apply($"curl -u :{token} and '{TokenHash.CreateToken()}'"));
        Assert.Equal(token[..^1], TextMask.TokensOnly.Apply(token[..^1]));
        Assert.Equal("nyala_ nyala_.***", TextMask.TokensOnly.Apply("nyala_ nyala_." + token));
    }

    [Fact]
    public void A_text_without_secrets_is_returned_as_it_is()
    {
        const string Text = "nothing to hide";

        Assert.Same(Text, TextMask.TokensOnly.With(Secret, null, "x").Apply(Text));
        Assert.Null(TextMask.TokensOnly.Apply(null));
        Assert.Same(TextMask.TokensOnly, TextMask.TokensOnly.With("short", null));
    }

    /// <summary>Masks a text as simply as possible: marks each character of each occurrence, and replaces what is marked, until nothing is found.</summary>
    private static string MaskOneByOne(string[] forms, string text)
    {
        while (true)
        {
            bool[] marked = new bool[text.Length];
            foreach (string form in forms)
            {
                for (int at = 0; (at = text.IndexOf(form, at, StringComparison.Ordinal)) >= 0; at++)
                {
                    marked.AsSpan(at, form.Length).Fill(true);
                }
            }

            if (!marked.Contains(true))
            {
                return text;
            }

            text = string.Concat(text.Select((c, at) => !marked[at] ? c.ToString() : at == 0 || !marked[at - 1] ? "***" : ""));
        }
    }
}
