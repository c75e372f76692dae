using System.Text.RegularExpressions;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary>Every command that the README and the pages of <c>docs/</c> name exists.</summary>
public sealed partial class DocumentedCommandsTests : IDisposable
{
    private readonly CliHarness _cli = new();

    public void Dispose() => _cli.Dispose();

    public static TheoryData<string> Commands() => [.. Pages()
        .SelectMany(page => Code().Matches(File.ReadAllText(page)))
        .SelectMany(code => CommandInCode().Matches(code.Value))
        .Select(command => command.Groups[1].Value)
        .Distinct()
        .Order()];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_documented_command_exists(string command)
    {
        (int exitCode, string help, string error) = await _cli.RunAsync([.. command.Split(' '), "--help"]);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches($@"Usage:\n  \S+ {command}\b", help);
    }

    [Fact]
    public async Task The_page_about_the_command_line_names_every_command()
    {
        string page = await File.ReadAllTextAsync(Repository.File("docs/cli.md"), TestContext.Current.CancellationToken);

        Assert.All(await LeavesAsync(), command => Assert.Matches($@"`nyala {command}\b", page));
    }

    private static IEnumerable<string> Pages() =>
        [Repository.File("README.md"), Repository.File("CHANGELOG.md"), .. Directory.EnumerateFiles(Repository.File("docs"), "*.md", SearchOption.AllDirectories)];

    /// <summary>Returns the commands that have no subcommands.</summary>
    private async Task<IReadOnlyList<string>> LeavesAsync(params string[] words)
    {
        string[] below = [.. CommandInHelp().Matches((await _cli.RunAsync([.. words, "--help"])).Out.Split("Commands:\n") is [_, { } list] ? list : "")
            .Select(match => match.Groups[1].Value)];
        var leaves = new List<string>();
        foreach (string word in below)
        {
            leaves.AddRange(await LeavesAsync([.. words, word]));
        }

        return below.Length > 0 ? leaves : [string.Join(' ', words)];
    }

    [GeneratedRegex("```.*?```|`[^`]+`", RegexOptions.Singleline)]
    private static partial Regex Code();

    // A noun and its verb, or only a verb. A plain word after a noun and its verb is an argument, and is not matched.
    [GeneratedRegex(@"(?<![\w/.-])nyala ((?:sites settings|sites|hooks|channels|deployments|deliveries|events|spool|tokens) [a-z]+(?:-[a-z]+)*|[a-z]+)\b(?![./])")]
    private static partial Regex CommandInCode();

    [GeneratedRegex(@"^  ([a-z]+(?:-[a-z]+)*) ", RegexOptions.Multiline)]
    private static partial Regex CommandInHelp();
}
