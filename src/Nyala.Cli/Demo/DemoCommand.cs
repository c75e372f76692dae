using System.CommandLine;

namespace Nyala.Cli.Demo;

/// <summary><c>nyala demo</c>: runs a complete example in a temporary folder, and removes everything afterwards.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("demo", "Run a complete example: start a server and a receiver, add a hook, deploy, and show the webhook.");
        command.SetVerbAction(environment, async (_, cancellationToken) =>
        {
            using var limit = new CancellationTokenSource(Limit, environment.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await using var tour = new DemoTour(environment);
            try
            {
                await tour.RunAsync(either.Token);
                return ExitCode.Done;
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new CommandFailure($"the demo did not finish in {(int)Limit.TotalSeconds} s. It stopped at: {tour.Step}");
            }
        });
        return command;
    }
}
