using System.Text;
using Nyala.Server.Deploying.Commands;
using Nyala.Tests.Cli.Support;

namespace Nyala.Tests.Deploying.Commands;

public sealed class CommandHintTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("deploy.sh", 127, "#!/bin/sh\n", "Write ./deploy.sh")]
    [InlineData("sub/../deploy.sh", 127, "#!/usr/bin/env ruby4\n", "requires 'ruby4' (see its first line)")]
    [InlineData("./deploy.sh", 127, "#!/opt/none/bash -e\n", "requires '/opt/none/bash'")]
    [InlineData("./deploy.sh", 127, "#!/usr/bin/env -S X=1 deno run\n", "requires 'deno'")]
    [InlineData("./deploy.sh", 127, "#!/bin/sh\r\n", "has Windows line endings (CRLF)")]
    [InlineData("bash -ex deploy.sh", 2, "echo\r\n", "'deploy.sh' has Windows line endings (CRLF)")]
    [InlineData(". ./deploy.sh", 1, "echo\r\n", "has Windows line endings (CRLF)")]
    [InlineData("./deploy.sh", 127, "\uFEFF#!/bin/sh\n", "starts with a byte order mark")]
    [InlineData("bash deploy.sh", 1, "\uFEFFset -e\n", "'deploy.sh' starts with a byte order mark")]
    [InlineData(@".\deploy.sh", 127, "#!/bin/sh\n", "not backslashes. Write ./deploy.sh")]
    [InlineData(@"sub\deploy.sh", 127, "", "not backslashes. Write sub/deploy.sh")]
    [InlineData("npm9 ci && ./deploy.sh", 127, "#!/bin/sh\n", "'npm9' is not installed on the server's machine")]
    [InlineData("./Deploy.sh", 127, "#!/bin/sh\n", "The file './Deploy.sh' is not among the deployed files")]
    [InlineData("./sub", 126, "#!/bin/sh\n", "The file './sub' is not among the deployed files")]
    [InlineData("/opt/none/deploy", 127, "", "'/opt/none/deploy' is not installed on the server's machine")]
    [InlineData("cd sub && deploy.sh", 127, "#!/bin/sh\n", "Write ./deploy.sh")]
    [InlineData("cd sub && ./other.sh", 127, "#!/bin/sh\r\n", "'./other.sh' has Windows line endings (CRLF)")]
    [InlineData("./deploy.sh", 126, "#!/bin/sh\n", "A file that the command calls is not executable")]
    [InlineData("./deploy.sh", 127, "#!/bin/sh\n", "The last lines of the log name it")]
    public void A_failed_command_gets_a_hint_that_names_the_fix(string command, int exitCode, string script, string hint)
    {
        Write("deploy.sh", script);
        Write("sub/deploy.sh", script);
        Write("sub/other.sh", script);

        Assert.Contains(hint, CommandHint.Of(exitCode, Facts(command)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./deploy.sh", 0, "#!/bin/sh\r\n")]
    [InlineData("./deploy.sh", 3, "#!/bin/sh\n")]
    [InlineData("node deploy.sh", 1, "x\r\n")]
    [InlineData("cat deploy.sh", 1, "x\r\n")]
    public void An_exit_without_a_known_cause_gets_no_hint(string command, int exitCode, string script)
    {
        Write("deploy.sh", script);

        Assert.Null(CommandHint.Of(exitCode, Facts(command)));
    }

    [Theory]
    [InlineData("deploy.cmd", "@echo off\r\n", true)]
    [InlineData("./deploy.CMD /x", "", true)]
    [InlineData("./deploy.ps1", "Write-Host", true)]
    [InlineData("./deploy.ps1", "#!/usr/bin/env pwsh\n", false)]
    [InlineData("pwsh ./deploy.ps1", "Write-Host", false)]
    [InlineData("other.cmd", "", false)]
    public void A_command_that_calls_a_Windows_script_directly_is_refused(string command, string script, bool refused)
    {
        Write("deploy.cmd", script);
        Write("deploy.CMD", script);
        Write("deploy.ps1", script);

        Assert.Equal(refused, CommandHint.Refuses(Facts(command)) is not null);
    }

    [Fact]
    public void A_script_that_needs_kudusync_gets_a_warning_if_kudusync_is_missing()
    {
        Write("deploy.sh", "#!/bin/sh\n\"$KUDU_SYNC_CMD\"\n");

        Assert.Contains("`npm install --global kudusync`", Assert.Single(CommandHint.Warnings(Facts("bash deploy.sh"), "kudusync")), StringComparison.Ordinal);
        Assert.Empty(CommandHint.Warnings(Facts("bash deploy.sh"), "there"));
    }

    [Fact]
    public void Files_are_not_found_through_a_link_or_outside_the_source()
    {
        string outside = _folder.In("outside");
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "deploy.sh"), "");
        Write("deploy.sh", "");
        File.CreateSymbolicLink(_folder.In("source", "link.sh"), "deploy.sh");
        Directory.CreateSymbolicLink(_folder.In("source", "link"), outside);
        var files = new SourceFiles(_folder.In("source"));

        Assert.Equal(_folder.In("source", "deploy.sh"), files.FindFile("./sub/../deploy.sh"));
        Assert.Equal(_folder.In("source", "deploy.sh"), files.FindFile(_folder.In("source", "deploy.sh")));
        Assert.All((string[])["link.sh", "link/deploy.sh", "../outside/deploy.sh", Path.Combine(outside, "deploy.sh"), "", ".", "/", "\0", "none"], path => Assert.Null(files.FindFile(path)));
        Assert.Equal((_folder.In("source"), null, null), (files.FindFolder(""), files.FindFolder("link"), files.FindFolder("..")));
    }

    private void Write(string name, string text)
    {
        string path = _folder.In("source", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Returns the facts of a command on a machine that has a few programs.</summary>
    private CommandFacts Facts(string command)
    {
        var source = new SourceFiles(_folder.In("source"));
        IReadOnlyList<CommandCall> calls = CommandWords.Read(command, _ => null);
        string? slashed = command.Contains('\\', StringComparison.Ordinal) ? command.Replace('\\', '/') : null;
        return new CommandFacts(calls, CommandFile.Find(calls, source), program => program is "/bin/sh" or "there" or "bash" or "node" or "cat" or "pwsh", slashed);
    }
}
