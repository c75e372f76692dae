using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>Wrong usage of the program exits with 2 and prints one line.</summary>
public sealed class UsageTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("hooks add", "add")]
    [InlineData("hooks add http://127.0.0.1/ --evnt Built", "--evnt")]
    [InlineData("frobnicate", "frobnicate")]
    public async Task Wrong_usage_exits_with_2_and_names_the_mistake(string line, string named)
    {
        (int exitCode, string output, string error) = await _machine.RunAsync(line.Split(' '));

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Matches($"^nyala: [^\n]*{named}[^\n]*\n$", error);
    }
}
