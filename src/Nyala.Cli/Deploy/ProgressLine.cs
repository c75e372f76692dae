using Nyala.Cli.Output;
using Spectre.Console;

namespace Nyala.Cli.Deploy;

/// <summary>Shows progress on a terminal. Elsewhere it shows nothing, so that logs stay short.</summary>
internal static class ProgressLine
{
    /// <summary>Runs an action and shows its progress.</summary>
    /// <param name="environment">The environment whose standard error shows the progress.</param>
    /// <param name="what">The action in one word.</param>
    /// <param name="total">The total amount of work.</param>
    /// <param name="bytes">Whether the amount is in bytes.</param>
    /// <param name="act">The action. It reports the amount that is done.</param>
    public static async Task<T> RunAsync<T>(CommandEnvironment environment, string what, long total, bool bytes, Func<IProgress<long>, Task<T>> act)
    {
        if (!environment.ErrorIsTerminal)
        {
            return await act(new ImmediateProgress(_ => { }));
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(SafeWriter.Unwrap(environment.Error)) });
        ProgressColumn[] columns =
        [
            new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
            .. bytes ? [new TransferSpeedColumn(), new RemainingTimeColumn()] : Array.Empty<ProgressColumn>(),
        ];
        return await console.Progress().AutoClear(true).Columns(columns).StartAsync(async context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(what), maxValue: Math.Max(total, 1));
            return await act(new ImmediateProgress(done => task.Value = done));
        });
    }

    /// <summary>Reports immediately and in order, unlike the framework's implementation.</summary>
    private sealed class ImmediateProgress(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
