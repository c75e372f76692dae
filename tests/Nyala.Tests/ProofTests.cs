using System.Text.RegularExpressions;
using Nyala.Tests.Support;

namespace Nyala.Tests;

/// <summary>Keeps <c>docs/proof.md</c> true: what it names is there.</summary>
public sealed partial class ProofTests
{
    private static readonly ILookup<string, string> Sources =
        Repository.Sources("tests").ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);

    [Fact]
    public void Each_test_that_it_names_is_there()
    {
        string[] named = [.. Named(File.ReadAllText(Repository.File("docs/proof.md")))];

        Assert.True(named.Length > 40, $"It names {named.Length} tests.");
        Assert.All(named, name => Assert.True(Exists(name), name));
    }

    [Fact]
    public void Each_test_under_a_mistakes_name_is_in_it()
    {
        string[] named = [.. Named(File.ReadAllText(Repository.File("docs/proof.md")))];

        foreach (string source in Sources.Where(item => item.Key.EndsWith("MistakesTests", StringComparison.Ordinal)).SelectMany(item => item))
        {
            string name = Class().Match(source).Groups[1].Value;
            Assert.Empty(Test().Matches(source).Select(test => $"{name}.{test.Groups[1].Value}").Except(named));
        }
    }

    [Theory]
    [InlineData("ProofTests.Each_test_that_it_names_is_there", true)]
    [InlineData("ProofTests.Each_test_that_it_names_is", false)]
    [InlineData("ProofTests.Exists", false)]
    [InlineData("NoTests.Each_test_that_it_names_is_there", false)]
    [InlineData("ProofTests", true)]
    [InlineData("NoTests", false)]
    public void A_test_that_is_not_there_is_found_out(string name, bool exists) => Assert.Equal(exists, Exists(name));

    private static IEnumerable<string> Named(string text) => Name().Matches(text).Select(match => match.Groups[1].Value);

    private static bool Exists(string name)
    {
        string[] parts = name.Split('.');
        return Sources[parts[0]].Any(source => parts.Length == 1 || Test().Matches(source).Any(test => test.Groups[1].Value == parts[1]));
    }

    [GeneratedRegex(@"`(\w+Tests(?:\.\w+)?)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"class (\w+)")]
    private static partial Regex Class();

    [GeneratedRegex(@"^    public (?:async )?(?:Task|void) (\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Test();
}
