using CsCheck;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Tests.Outbound.Messages;

/// <summary>Text from events in Markdown is shown as it is.</summary>
public sealed class MarkdownTests
{
    private static readonly Gen<string> Text = Gen.String[Gen.Char["ab1.\\`*_[]()<>|~#+-@ "], 0, 60];

    [Fact]
    public void Escaped_text_reads_as_the_text_and_every_special_character_has_a_backslash() => Text.Sample(text =>
    {
        string escaped = Markdown.Escape(text);

        Assert.Equal(text, Read(escaped));
        Assert.DoesNotMatch(@"(?<!\\)(\\\\)*[`*_\[\]<>|~#]", escaped);
        Assert.DoesNotMatch("@(?!\u200B)", escaped);
    });

    [Theory]
    [InlineData("- item", @"\- item")]
    [InlineData("1. item", @"1\. item")]
    [InlineData("12-3.4", "12-3.4")]
    [InlineData("https://example.com/a_b", @"https://example.com/a\_b")]
    public void A_dash_or_a_number_at_the_start_begins_no_list(string text, string escaped) => Assert.Equal(escaped, Markdown.Escape(text));

    [Fact]
    public void A_block_ends_only_at_its_own_fence() => Gen.Frequency((1, Text), (1, Gen.String[Gen.Char["`a"], 0, 20]), (1, Gen.Int[0, 30].Select(length => new string('`', length)))).Sample(text =>
    {
        string block = Markdown.Block(text);

        Assert.Equal(["", "\n" + block[4..^4] + "\n", ""], block.Split("```"));
        Assert.Equal(text, block[4..^4].Replace("\u200B", "", StringComparison.Ordinal));
    });

    /// <summary>Reads Markdown that has only escapes.</summary>
    private static string Read(string escaped)
    {
        var text = new System.Text.StringBuilder();
        string visible = escaped.Replace("\u200B", "", StringComparison.Ordinal);
        for (int i = 0; i < visible.Length; i++)
        {
            text.Append(visible[i] == '\\' ? visible[++i] : visible[i]);
        }

        return text.ToString();
    }
}
