using System.Text.RegularExpressions;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>What the README says is so.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private static readonly string Readme = File.ReadAllText(SourceTree.PathOf("README.md"));

    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    public static TheoryData<string> Verbs() => [.. Code().Matches(Readme).SelectMany(code => VerbInCode().Matches(code.Value)).Select(verb => verb.Groups[1].Value).Distinct().Order()];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_verb_that_the_README_names_is_there(string verb)
    {
        (int exitCode, string help, string error) = await _machine.RunAsync([.. verb.Split(' '), "--help"]);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches($@"Usage:\n  nyala {verb}\b", help);
    }

    [Fact]
    public void The_README_names_the_verbs_of_the_main_job() =>
        Assert.Superset(new HashSet<object> { "serve", "run", "hooks add", "events publish" }, Verbs().Select(row => (object)row.Data).ToHashSet());

    [Fact]
    public async Task Its_Python_verifies_a_delivery() => await AssertPythonSaysAsync("True\n", await SignedRequest.TakeAsync(_machine));

    [Fact]
    public async Task Its_Python_refuses_a_changed_body() => await AssertPythonSaysAsync(
        "False\n", await SignedRequest.TakeAsync(_machine, body => body.Replace("café", "cafe", StringComparison.Ordinal)));

    private static async Task AssertPythonSaysAsync(string verdict, string request)
    {
        string snippet = Assert.Single(Python().Matches(Readme)).Groups[1].Value;
        const string Call = """
            import json, sys
            given = json.load(sys.stdin.buffer)
            print(genuine(given["secret"], given["headers"], given["body"].encode()))
            """;
        if (await Tool.RunAsync("python3", ["-c", snippet + Call], request) is not { } ended)
        {
            TestContext.Current.TestOutputHelper!.WriteLine("Not tried: there is no python3 on this machine.");
            return;
        }

        Assert.Equal((0, verdict, ""), ended);
    }

    [GeneratedRegex("```.*?```|`[^`]+`", RegexOptions.Singleline)]
    private static partial Regex Code();

    // A noun and its verb, or a verb alone; an argument never looks like one, save where it is a plain word behind a noun's verb.
    [GeneratedRegex(@"(?<![\w/.-])nyala ((?:sites settings|sites|hooks|deployments|deliveries|events|spool|tokens) [a-z]+(?:-[a-z]+)*|[a-z]+)\b(?![./])")]
    private static partial Regex VerbInCode();

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Python();
}
