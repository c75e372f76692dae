using CsCheck;
using Nyala.Server.Deploying.Commands;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Commands;

public sealed class CommandWordsTests
{
    [Theory]
    [InlineData("./deploy.sh", "./deploy.sh")]
    [InlineData("  ./deploy.sh --all 'x y'  ", "./deploy.sh")]
    [InlineData("npm ci && ./a.sh; sub/b.sh | tee log & ./c.sh", "npm ./a.sh sub/b.sh tee ./c.sh")]
    [InlineData("\"./my deploy.sh\" x", "./my deploy.sh")]
    [InlineData("'./my deploy.sh'", "./my deploy.sh")]
    [InlineData(@"./my\ deploy.sh", "./my deploy.sh")]
    [InlineData("A=1 B='x y' ./a.sh", "./a.sh")]
    [InlineData("if test -f x; then ./a.sh; else exec ./b.sh; fi", "test ./a.sh ./b.sh fi")]
    [InlineData("(cd sub && ../a.sh) || { ./b.sh; }", "cd ../a.sh ./b.sh")]
    [InlineData("./a.sh >out 2>&1 <in arg", "./a.sh")]
    [InlineData(">out ./a.sh", "./a.sh")]
    [InlineData("# ./no.sh\n./a.sh # ./no.sh", "./a.sh")]
    [InlineData("echo a#b $(./a.sh) `./b.sh`", "echo ./a.sh ./b.sh")]
    [InlineData("$DEPLOYMENT_SOURCE/a.sh", "/source/a.sh")]
    [InlineData("\"${DEPLOYMENT_SOURCE}/a.sh\"", "/source/a.sh")]
    [InlineData("$UNKNOWN/a.sh; ./b.sh", "./b.sh")]
    [InlineData("a \\\n b", "a")]
    [InlineData("", "")]
    [InlineData("\"unfinished", "unfinished")]
    public void Read_finds_the_programs_that_a_command_calls(string command, string programs) =>
        Assert.Equal(programs, string.Join(' ', Read(command).Select(call => call.Program)));

    [Fact]
    public void Arguments_that_only_the_shell_can_expand_are_null() =>
        Assert.Equal(["-e", null, "b c", null], Read("bash -e $X 'b c' \"`d`\"")[0].Arguments);

    [Fact]
    public void Read_accepts_any_text_as_a_command() => Gen.OneOf(Gen.String, Gen.String[Gen.Char["ab ./'\"\\$`{}()<>&|;#\n="], 0, 40]).Sample(
        text => Read(text).All(call => call.Program.Length > 0), iter: Fuzz.Cases);

    [Fact]
    public void A_quoted_path_is_one_program() => Gen.String[Gen.Char["ab ./\"\\$`{}()<>&|;#\n="], 1, 20].Sample(
        path => Read($"'./{path}' x") is [{ Program: var program, Arguments: ["x"] }] && program == "./" + path);

    private static IReadOnlyList<CommandCall> Read(string command) => CommandWords.Read(command, name => name == "DEPLOYMENT_SOURCE" ? "/source" : null);
}
