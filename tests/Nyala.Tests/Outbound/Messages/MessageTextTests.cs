using System.Globalization;
using System.Text;
using CsCheck;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Tests.Outbound.Messages;

/// <summary>Text from events in messages: clean, cut between characters, and without an effect on its surroundings.</summary>
public sealed class MessageTextTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String, Gen.String[Gen.Char[" \n\r\t\u2028a🎉👩‍👧א\u202E\u0007\u200B"], 0, 200], Gen.Const("👩‍👩‍👧‍👦 e\u0301 🇩🇰").Select(text => string.Concat(Enumerable.Repeat(text, 40))));

    [Fact]
    public void A_text_is_cut_only_between_characters_that_a_person_sees() => Gen.Select(Text, Gen.Int[1, 250]).Sample((text, limit) =>
    {
        string cut = MessageText.Cut(text, limit);

        Assert.InRange(cut.Length, 0, limit);
        if (cut != text)
        {
            Assert.EndsWith("…", cut, StringComparison.Ordinal);
            string kept = cut[..^1];
            Assert.StartsWith(kept, text, StringComparison.Ordinal);
            Assert.True(kept.Length == 0 || StringInfo.ParseCombiningCharacters(text).Contains(kept.Length), cut);
        }
    });

    [Theory]
    [InlineData("@all ＠all", "@\u200Ball ＠\u200Ball")]
    [InlineData("a@b", "a@\u200Bb")]
    public void A_mention_is_broken_whichever_sign_it_has(string text, string expected) => Assert.Equal(expected, MessageText.WithoutMentions(text));

    [Theory]
    [InlineData("a\uFFFEb\uFFFFc\uFDD0d", "abcd")]
    [InlineData("a\U0001FFFEb", "ab")]
    public void Noncharacters_are_removed(string text, string expected) => Assert.Equal(expected, MessageText.Line(text, 100));

    [Theory]
    [InlineData("", "\u00A0")]
    [InlineData("  a  b c", "\u00A0\u00A0a \u00A0b c")]
    public void Spaces_of_a_log_line_stay_where_a_service_would_drop_them(string line, string expected) => Assert.Equal(expected, MessageText.WithSpaces(line));

    [Fact]
    public void A_line_has_no_line_end_no_hidden_character_and_at_most_the_limit() => Gen.Select(Text, Gen.Int[3, 250]).Sample((text, limit) =>
    {
        string line = MessageText.Line(text, limit);

        Assert.InRange(line.Length, 0, limit);
        Assert.Equal(line.Trim(), line);
        Assert.DoesNotContain("  ", line, StringComparison.Ordinal);
        Assert.All(line.EnumerateRunes(), rune => Assert.False(
            Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            || rune.Value is (>= 0x202A and <= 0x202E) or 0x200B or (>= 0x2066 and <= 0x2067)));
    });

    [Theory]
    [InlineData("a\u202Egpj.exe", "agpj.exe")]
    [InlineData("  one \t two\r\nthree ", "one two three")]
    [InlineData("שלום", "\u2068שלום\u2069")]
    [InlineData("👩‍👧", "👩‍👧")]
    [InlineData("a\u3164\u2800\u034Fb", "ab")]
    [InlineData(null, "")]
    public void A_line_is_cleaned(string? text, string line) => Assert.Equal(line, MessageText.Line(text, 100));

    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("\ufffdx", MessageText.Line("\ud800x", 100));

    [Fact]
    public void Lines_keep_their_ends_and_their_indents_up_to_the_limits()
    {
        Assert.Equal("one\n   two  three\n    four", MessageText.Lines("one  \r\n   two\u0007  three\n\tfour\n", 100, 10));
        Assert.Equal("1\n…", MessageText.Lines("1\n2\n3", 100, 2));
        Assert.Equal("1", MessageText.Lines("1\n2\n3", 100, 1));
        Gen.Select(Text, Gen.Int[2, 300], Gen.Int[1, 9]).Sample((text, limit, lines) =>
        {
            string kept = MessageText.Lines(text, limit, lines);

            Assert.InRange(kept.Length, 0, limit);
            Assert.InRange(kept.Split('\n').Length, 1, lines);
        });
    }

    [Fact]
    public void The_first_line_is_the_first_that_is_not_blank() => Assert.Equal("Fix it", MessageText.FirstLine("\n\n Fix it\nmore", 100));
}
