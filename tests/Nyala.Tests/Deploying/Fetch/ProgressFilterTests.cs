using CsCheck;
using Nyala.Server.Deploying.Fetch;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Fetch;

public sealed class ProgressFilterTests
{
    [Fact]
    public void Progress_lines_are_shown_once_per_quarter_and_at_the_end()
    {
        IEnumerable<string> lines =
        [
            "remote: Enumerating objects: 1500, done.        ",
            .. Enumerable.Range(0, 101).Select(percent => $"remote: Counting objects: {percent,3}% ({percent * 15}/1500)        "),
            "remote: Counting objects: 100% (1500/1500), done.        ",
            .. Enumerable.Range(0, 101).Select(percent => $"Receiving objects: {percent,3}% ({percent * 15}/1500), 1.00 MiB | 2 MiB/s"),
            "Receiving objects: 100% (1500/1500), 2.00 MiB | 2 MiB/s, done.",
            "From http://127.0.0.1/shop",
            " * branch            main       -> FETCH_HEAD",
        ];
        var filter = new ProgressFilter();

        Assert.Equal(
            [
                "remote: Enumerating objects: 1500, done.",
                "remote: Counting objects:   0% (0/1500)", "remote: Counting objects:  25% (375/1500)", "remote: Counting objects:  50% (750/1500)",
                "remote: Counting objects:  75% (1125/1500)", "remote: Counting objects: 100% (1500/1500), done.",
                "Receiving objects:   0% (0/1500), 1.00 MiB | 2 MiB/s", "Receiving objects:  25% (375/1500), 1.00 MiB | 2 MiB/s",
                "Receiving objects:  50% (750/1500), 1.00 MiB | 2 MiB/s", "Receiving objects:  75% (1125/1500), 1.00 MiB | 2 MiB/s",
                "Receiving objects: 100% (1500/1500), 2.00 MiB | 2 MiB/s, done.",
                "From http://127.0.0.1/shop",
                " * branch            main       -> FETCH_HEAD",
            ],
            lines.Select(filter.Pass).OfType<string>());
    }

    [Fact]
    public void Control_characters_are_removed() => Assert.Equal("remote: [31mred[0m", new ProgressFilter().Pass("remote: \u001b[31mred\u001b[0m\u0007 "));

    [Fact]
    public void Any_line_is_shown_without_control_characters_or_not_at_all() => Gen.OneOf(Gen.String, Gen.Select(Gen.String[0, 5], Gen.Int[0, 999]).Select((text, number) => $"Counting{text}: {number}% (x)")).Array.Sample(
        lines =>
        {
            var filter = new ProgressFilter();
            foreach (string? shown in lines.Select(filter.Pass))
            {
                Assert.False(shown?.Any(char.IsControl) ?? false);
                Assert.NotEqual("", shown);
            }
        },
        iter: Fuzz.Cases);
}
