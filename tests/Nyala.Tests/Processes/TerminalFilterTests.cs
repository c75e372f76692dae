using CsCheck;
using Nyala.Server.Processes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Processes;

public sealed class TerminalFilterTests
{
    /// <summary>Escape sequences and parts of them.</summary>
    private static readonly string[] Pieces =
        ["\u001b", "\u001b[", "\u001b[31m", "\u001b]0;title\a", "\u001b]8;;http://x\u001b\\", "\u001bP", "\u009b31m", "\u009d", "\a", "\u202e", "\u2066", "\u200f", "\r", "\n", "\t", "\0", "\u007f"];

    internal static readonly Gen<string> Hostile = Gen.OneOf(Gen.Int[0, Pieces.Length - 1].Select(at => Pieces[at]), Gen.String).Array[0, 12].Select(pieces => string.Concat(pieces));

    [Theory]
    [InlineData("plain, Grüße, 日本 🦌\ttab", "plain, Grüße, 日本 🦌\ttab")]
    [InlineData("\u001b[1;31mred\u001b[0m again", "red again")]
    [InlineData("a\u001b]0;owned\u0007b", "ab")]
    [InlineData("a\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\b", "alinkb")]
    [InlineData("a\u009b2Jb\u001bcc", "abc")]
    [InlineData("gpj.\u202eexe\u2066\u2069\u200f\u061c", "gpj.exe")]
    [InlineData("one\u001b]never ended\ntwo", "one\ntwo")]
    [InlineData("\b\b\b\0\u007f", "")]
    [InlineData("50%\r100%\n", "50%\r100%\n")]
    public void Clean_removes_escape_sequences_and_control_characters(string said, string seen) => Assert.Equal(seen, TerminalFilter.Clean(said));

    [Fact]
    public void Clean_leaves_no_hostile_character_in_any_text() => Hostile.Sample(text => Assert.DoesNotContain(TerminalFilter.Clean(text), TerminalFilter.IsHostile), iter: Fuzz.Cases);

    [Fact]
    public void A_text_in_two_pieces_is_cleaned_like_the_whole_text() => Gen.Select(Hostile, Hostile).Sample(
        (first, second) =>
        {
            var text = new TerminalFilter();
            Assert.Equal(TerminalFilter.Clean(first + second), text.Pass(first) + text.Pass(second));
        },
        iter: Fuzz.Cases);

    [Fact]
    public void Clean_does_not_change_cleaned_text() => Hostile.Sample(text => Assert.Equal(TerminalFilter.Clean(text), TerminalFilter.Clean(TerminalFilter.Clean(text))), iter: Fuzz.Cases);
}
