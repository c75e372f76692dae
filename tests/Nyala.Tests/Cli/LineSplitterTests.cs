using System.Text;
using CsCheck;
using Nyala.Cli.Run;

namespace Nyala.Tests.Cli;

public sealed class LineSplitterTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a\n", "a")]
    [InlineData("a\nb", "a|b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("\n\n", "|")]
    [InlineData("1%\r50%\r100%\n", "100%")]
    [InlineData("1%\r50%\r", "50%")]
    [InlineData("done\r\r\n", "done")]
    [InlineData("grüße\n", "grüße")]
    public void Lines_are_what_a_terminal_would_leave(string text, string lines) =>
        Assert.Equal(lines, string.Join('|', Split([Encoding.UTF8.GetBytes(text)])));

    [Fact]
    public void A_single_line_feed_is_one_empty_line() => Assert.Equal([""], Split(["\n"u8.ToArray()]));

    [Fact]
    public void What_is_no_UTF8_is_replaced() => Assert.Equal(["a\ufffdb"], Split([[(byte)'a', 0xFF, (byte)'b', (byte)'\n']]));

    [Fact]
    public void A_long_line_is_cut_at_a_whole_character()
    {
        // Two bytes each, and one byte before them: the cut falls into the middle of a character.
        string line = Assert.Single(Split([Encoding.UTF8.GetBytes("x" + new string('ü', LineSplitter.MaxLine) + "\n")]));

        Assert.Equal("x" + new string('ü', (LineSplitter.MaxLine - 1) / 2) + " …", line);
    }

    [Fact]
    public void A_line_of_just_the_full_length_is_not_cut() =>
        Assert.Equal([new string('x', LineSplitter.MaxLine)], Split([Encoding.UTF8.GetBytes(new string('x', LineSplitter.MaxLine) + "\n")]));

    [Fact]
    public void Where_the_pieces_end_makes_no_difference() =>
        Gen.Select(Gen.Char["ab\r\nü"].Array[0, 40], Gen.Int[1, 5]).Sample((characters, size) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(characters);
            Assert.Equal(Split([bytes]), Split(bytes.Chunk(size)));
        });

    private static List<string> Split(IEnumerable<byte[]> pieces)
    {
        var lines = new List<string>();
        var splitter = new LineSplitter(lines.Add);
        foreach (byte[] piece in pieces)
        {
            splitter.Add(piece);
        }

        splitter.End();
        return lines;
    }
}
