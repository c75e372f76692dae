using System.Text.RegularExpressions;
using Nyala.Tests.Support;

namespace Nyala.Tests;

/// <summary>Links between the pages of the documentation resolve.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] Pages =
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md"),
        .. Directory.EnumerateFiles(Repository.File("docs"), "*.md", SearchOption.AllDirectories),
        .. Directory.EnumerateDirectories(Repository.File("integrations")).SelectMany(folder => Directory.EnumerateFiles(folder, "*.md")),
    ];

    public static TheoryData<string> EachPage() => [.. Pages.Select(page => Path.GetRelativePath(Repository.Root, page)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(EachPage))]
    public void Links_of_a_page_resolve(string page) => Assert.Empty(BrokenLinks(Repository.File(page), File.ReadAllText(Repository.File(page))));

    [Fact]
    public void Every_page_is_linked_from_the_index()
    {
        string index = File.ReadAllText(Repository.File("docs/README.md"));

        Assert.All(
            Directory.EnumerateFiles(Repository.File("docs"), "*.md").Select(page => Path.GetFileName(page)).Where(name => name != "README.md"),
            name => Assert.Contains($"({name})", index, StringComparison.Ordinal));
    }

    [Fact]
    public void The_README_has_40_to_150_lines() => Assert.InRange(File.ReadLines(Repository.File("README.md")).Count(), 40, 150);

    [Theory]
    [InlineData("[x](docs/webhooks.md#retries)", true)]
    [InlineData("[x](docs/webhooks.md#no-such-heading)", false)]
    [InlineData("[x](docs/no-such-page.md)", false)]
    [InlineData("[x](#a-heading-with-code-and-a-comma)", true)]
    [InlineData("[x](#nowhere)", false)]
    [InlineData("[x](docs)", true)]
    [InlineData("[x](https://example.com/#nowhere)", true)]
    [InlineData("`[x](nowhere.md)`", true)]
    public void Broken_links_are_detected_and_valid_ones_are_not(string text, bool resolves) =>
        Assert.Equal(resolves, !BrokenLinks(Repository.File("README.md"), $"# A heading with `code`, and a comma\n\n{text}\n").Any());

    private static IEnumerable<string> BrokenLinks(string page, string text) => Link().Matches(Code().Replace(text, ""))
        .Select(link => link.Groups[1].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal))
        .Where(target => !Resolves(page, text, target));

    private static bool Resolves(string page, string text, string target)
    {
        string[] parts = target.Split('#', 2);
        string path = parts[0].Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, parts[0]));
        return Path.Exists(path) && (parts.Length == 1 || Anchors(path == page ? text : File.ReadAllText(path)).Contains(parts[1]));
    }

    /// <summary>Returns the anchors of the headings, as GitHub generates them.</summary>
    private static HashSet<string> Anchors(string text) => [.. Heading().Matches(Block().Replace(text, ""))
        .Select(heading => NoWord().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}\s_-]")]
    private static partial Regex NoWord();

    [GeneratedRegex("```.*?```|`[^`\n]+`(?!\\])", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
