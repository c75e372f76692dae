using System.Text;
using Nyala.Cli;
using Nyala.Cli.Output;

namespace Nyala.Tests.Cli;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\r\nb\tc", "a b c")]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u001b]0;title\u0007text", "text")]
    [InlineData("\u001b]0;title\nnext", "next")]
    [InlineData("cut\u001b[", "cut")]
    [InlineData("cut\u001b", "cut")]
    [InlineData("a\u009bb\0c", "ac")]
    [InlineData("\u202egpj.exe\u202c", "gpj.exe")]
    [InlineData("a\u2066b\u2069c\u200e\u200f\u061cd", "abcd")]
    [InlineData("a\u2028b", "a b")]
    [InlineData("\u05d0\u200d\u05d1", "\u05d0\u200d\u05d1")]
    [InlineData(null, "")]
    public void OneLine_removes_control_characters_and_replaces_line_breaks_with_spaces(string? text, string shown) => Assert.Equal(shown, TerminalText.OneLine(text));

    [Theory]
    [InlineData("one\ntwo\r\nthree", "one\ntwo\r\nthree")]
    [InlineData("safe\rover", "safeover")]
    [InlineData("\u001b[2Ja\n\u202eb", "a\nb")]
    public void SafeWriter_keeps_lines_and_removes_control_characters(string text, string shown)
    {
        Action<TextWriter>[] ways =
        [
            edge => edge.Write(text), edge => edge.Write(text.AsSpan()), edge => edge.Write(text.ToCharArray(), 0, text.Length), edge => edge.Write(new StringBuilder(text)),
        ];
        Assert.All(ways, write =>
        {
            using var console = new StringWriter();
            using TextWriter edge = SafeWriter.Wrap(console);

            write(edge);

            Assert.Equal(shown, console.ToString());
            Assert.Same(edge, SafeWriter.Wrap(edge));
        });
    }

    [Theory]
    [InlineData(0.027, "27 ms")]
    [InlineData(1.44, "1.4 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(185, "3 m 5 s")]
    [InlineData(90_000, "25 h 0 m")]
    [InlineData(-1, "")]
    public void Durations_are_printed_in_readable_units(double seconds, string text) => Assert.Equal(text, Display.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("/s", "/s")]
    [InlineData("relative", "/home/ann/.local/state")]
    [InlineData(null, "/home/ann/.local/state")]
    public void The_state_folder_is_XDG_STATE_HOME_if_that_is_absolute(string? variable, string folder) =>
        Assert.Equal(folder, CommandEnvironment.StateHomeOf(_ => variable, "/home/ann"));

    [Theory]
    [InlineData("a", true)]
    [InlineData("A.b_c-1", true)]
    [InlineData("", false)]
    [InlineData(".a", false)]
    [InlineData("-a", false)]
    [InlineData("a/b", false)]
    [InlineData("latest", false)]
    [InlineData("grün", false)]
    public void Names_follow_the_servers_rule(string name, bool valid) => Assert.Equal(valid, NameRule.IsValid(name));
}
