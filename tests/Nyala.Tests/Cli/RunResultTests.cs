using Nyala.Cli.Run;
using Nyala.Client;

namespace Nyala.Tests.Cli;

public sealed class RunResultTests
{
    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(3, 0, "exit code 3")]
    [InlineData(137, 0, "killed by SIGKILL (exit code 137)")]
    [InlineData(255, 0, "exit code 255")]
    [InlineData(130, 2, "interrupted (SIGINT)")]
    [InlineData(143, 15, "interrupted (SIGTERM)")]
    [InlineData(7, 2, "interrupted (SIGINT), exit code 7")]
    [InlineData(0, 2, "interrupted (SIGINT), exit code 0")]
    [InlineData(0, 1, null)]
    [InlineData(129, 1, "interrupted (SIGHUP)")]
    public void The_end_of_a_run_states_the_exit_code_or_the_signal(int exitCode, int signal, string? text)
    {
        var end = RunResult.Of(exitCode, signal);

        Assert.Equal(new RunResult(exitCode, text is null ? DeploymentStatus.Success : DeploymentStatus.Failed, text), end);
    }
}
