using System.Text;
using CsCheck;
using Nyala.Server.Processes;

namespace Nyala.Tests.Processes;

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
    public void A_carriage_return_that_overwrites_leaves_the_text_that_a_terminal_would_show(string text, string lines) =>
        Assert.Equal(lines, string.Join('|', Split(CarriageReturn.Overwrites, [Encoding.UTF8.GetBytes(text)])));

    [Theory]
    [InlineData("", "")]
    [InlineData("a\n\nb", "a||b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("1%\r50%\r100%\n", "1%|50%|100%")]
    [InlineData("a\r\rb", "a||b")]
    [InlineData("a\n\rb", "a||b")]
    public void With_EndsLine_each_carriage_return_ends_a_line_and_CRLF_ends_only_one(string text, string lines) =>
        Assert.Equal(lines, string.Join('|', Split(CarriageReturn.EndsLine, [Encoding.UTF8.GetBytes(text)])));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_single_line_feed_is_one_empty_line(bool overwrites) => Assert.Equal([""], Split(Form(overwrites), ["\n"u8.ToArray()]));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Invalid_UTF8_is_replaced(bool overwrites) =>
        Assert.Equal(["a\ufffdb", "\ufffd"], Split(Form(overwrites), [[(byte)'a', 0xFF, (byte)'b', (byte)'\n', 0xC3]]));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_long_line_is_split_into_several(bool overwrites)
    {
        List<string> lines = Split(Form(overwrites), [Encoding.UTF8.GetBytes(new string('ü', 20_000) + "\n")]);

        Assert.Equal([8192, 8192, 20_000 - (2 * 8192)], lines.Select(line => line.Length));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_long_line_is_never_split_within_a_character(bool overwrites)
    {
        List<string> lines = Split(Form(overwrites), [Encoding.UTF8.GetBytes("x" + string.Concat(Enumerable.Repeat("😀", LineSplitter.MaxLine)) + "\n")]);

        Assert.All(lines, line => Assert.DoesNotContain('\ufffd', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(line))));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, LineSplitter.MaxLine));
        Assert.Equal((2 * LineSplitter.MaxLine) + 1, lines.Sum(line => line.Length));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_line_of_exactly_the_maximum_length_is_not_split(bool overwrites) => Assert.Equal(
        [new string('x', LineSplitter.MaxLine)], Split(Form(overwrites), [Encoding.UTF8.GetBytes(new string('x', LineSplitter.MaxLine) + "\n")]));

    [Fact]
    public void Lines_are_the_same_however_the_output_is_split_into_pieces() =>
        Gen.Select(Gen.Char["ab\r\nü€"].Array[0, 60], Gen.Int[1, 7], Gen.Bool).Sample((characters, size, overwrites) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(characters);
            Assert.Equal(Split(Form(overwrites), [bytes]), Split(Form(overwrites), bytes.Chunk(size)));
        });

    [Fact]
    public void Lines_contain_all_of_the_output_if_a_carriage_return_ends_them() =>
        Gen.String[Gen.Char["aß\n\r €"], 0, 60].Sample(text => Assert.Equal(
            text.ReplaceLineEndings("\n").Replace("\r", "\n", StringComparison.Ordinal).TrimEnd('\n'),
            string.Join('\n', Split(CarriageReturn.EndsLine, [Encoding.UTF8.GetBytes(text)])).TrimEnd('\n')));

    private static CarriageReturn Form(bool overwrites) => overwrites ? CarriageReturn.Overwrites : CarriageReturn.EndsLine;

    private static List<string> Split(CarriageReturn carriageReturn, IEnumerable<byte[]> pieces)
    {
        var lines = new List<string>();
        var splitter = new LineSplitter(lines.Add, carriageReturn);
        foreach (byte[] piece in pieces)
        {
            splitter.Add(piece);
        }

        splitter.End();
        return lines;
    }
}
