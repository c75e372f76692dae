using Nyala.Cli;
using Nyala.Cli.Run;
using Nyala.Tests.Cli.Support;

namespace Nyala.Tests.Cli;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class CommandPathTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_executable_in_PATH_is_found()
    {
        Make("a/tool", executable: false);
        string wanted = Make("b/tool", executable: true);
        Make("c/tool", executable: true);

        Assert.Equal(new CommandPath(wanted), CommandPath.Find("tool", PathOf("nowhere", "a", "b", "c")));
    }

    [Fact]
    public void A_command_without_execute_permission_exits_with_126() =>
        Assert.Equal(
            new CommandPath(Make("a/tool", executable: false), $"permission denied: {_folder.In("a", "tool")}", ExitCode.NotExecutable),
            CommandPath.Find("tool", PathOf("a")));

    [Fact]
    public void A_command_that_is_not_in_PATH_exits_with_127()
    {
        // A folder with that name is not a command.
        Directory.CreateDirectory(_folder.In("a", "tool"));

        Assert.Equal(new CommandPath("tool", "command not found: tool", ExitCode.NotFound), CommandPath.Find("tool", PathOf("a")));
    }

    private string PathOf(params string[] folders) => string.Join(Path.PathSeparator, folders.Select(folder => _folder.In(folder)));

    private string Make(string name, bool executable)
    {
        string file = _folder.In(name.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "#!/bin/sh\n");
        File.SetUnixFileMode(file, executable ? UnixFileMode.UserRead | UnixFileMode.UserExecute : UnixFileMode.UserRead);
        return file;
    }
}
