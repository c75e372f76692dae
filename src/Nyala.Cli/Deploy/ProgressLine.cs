using Nyala.Cli.Output;
using Spectre.Console;

namespace Nyala.Cli.Deploy;

/// <summary>Shows on a terminal how far something is; elsewhere nothing, so that a log stays short.</summary>
internal static class ProgressLine
{
    /// <summary>Does something that tells how far it is.</summary>
    /// <param name="environment">Where it is shown.</param>
    /// <param name="what">What is done, in a word.</param>
    /// <param name="total">How much there is to do.</param>
    /// <param name="bytes">Whether that is in bytes.</param>
    /// <param name="act">Does it.</param>
    public static async Task<T> RunAsync<T>(CommandEnvironment environment, string what, long total, bool bytes, Func<IProgress<long>, Task<T>> act)
    {
        if (!environment.ErrorIsTerminal)
        {
            return await act(new ImmediateProgress(_ => { }));
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(SafeWriter.Behind(environment.Error)) });
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

    /// <summary>At once and in order, unlike the framework's.</summary>
    private sealed class ImmediateProgress(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
