using System.Text.RegularExpressions;
using Nyala.Tests.Support;

namespace Nyala.Tests;

/// <summary>Checks that <c>docs/proof.md</c> names only tests that exist.</summary>
public sealed partial class ProofTests
{
    private static readonly ILookup<string, string> Sources =
        Repository.Sources("tests").ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);

    [Fact]
    public void Every_test_that_the_proof_names_exists()
    {
        string[] named = [.. Named(File.ReadAllText(Repository.File("docs/proof.md")))];

        Assert.True(named.Length > 40, $"The page names {named.Length} tests.");
        Assert.All(named, name => Assert.True(Exists(name), name));
    }

    [Fact]
    public void The_proof_names_every_test_of_the_MistakesTests_classes()
    {
        string[] named = [.. Named(File.ReadAllText(Repository.File("docs/proof.md")))];

        foreach (string source in Sources.Where(item => item.Key.EndsWith("MistakesTests", StringComparison.Ordinal)).SelectMany(item => item))
        {
            string name = Class().Match(source).Groups[1].Value;
            Assert.Empty(Test().Matches(source).Select(test => $"{name}.{test.Groups[1].Value}").Except(named));
        }
    }

    [Theory]
    [InlineData("ProofTests.Every_test_that_the_proof_names_exists", true)]
    [InlineData("ProofTests.Every_test_that_the_proof_names", false)]
    [InlineData("ProofTests.Exists", false)]
    [InlineData("NoTests.Every_test_that_the_proof_names_exists", false)]
    [InlineData("ProofTests", true)]
    [InlineData("NoTests", false)]
    public void A_test_that_does_not_exist_is_detected(string name, bool exists) => Assert.Equal(exists, Exists(name));

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
