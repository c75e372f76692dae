using System.Diagnostics;
using Nyala.Server.Deploying.Fetch;
using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Git;

/// <summary>
/// Runs a git that talks to another server. Its messages are passed on as they arrive, and its run time is limited. Ending it ends everything that it started.
/// </summary>
internal sealed class RemoteGit(TimeProvider clock)
{
    private const int MaxSaid = 40;

    /// <summary>How long the output is still read after git has exited.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    /// <summary>Runs git until it exits.</summary>
    /// <param name="start">How git is started. It must lead a session.</param>
    /// <param name="say">Receives the lines that git prints, without most of its progress.</param>
    /// <param name="limit">The maximum run time.</param>
    /// <param name="cancellationToken">Cancels the operation, which ends git.</param>
    /// <returns>The result. Its error text is the last lines that git printed.</returns>
    /// <exception cref="OperationCanceledException">The token was canceled, and git was ended.</exception>
    /// <exception cref="TimeoutException">git ran longer than the limit and was ended.</exception>
    public async Task<ProgramResult> RunAsync(ProcessStartInfo start, Func<string, ValueTask> say, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using Process process = GitProcess.Begin(start);
        process.StandardInput.Close();
        var said = new Queue<string>();
        Task<string> output = Programs.ReadAsync(process.StandardOutput, CancellationToken.None);
        Task reading = Task.WhenAll(output, ListenAsync(process.StandardError.BaseStream, said, say));
        try
        {
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            await ProcessGroup.EndAsync(process, clock);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException();
        }
        finally
        {
            await Task.WhenAny(reading, Task.Delay(Drain, clock, CancellationToken.None));
        }

        return new ProgramResult(process.ExitCode, output.IsCompletedSuccessfully ? await output : "", string.Join('\n', said));
    }

    private static async Task ListenAsync(Stream stream, Queue<string> said, Func<string, ValueTask> say)
    {
        var filter = new ProgressFilter();
        await foreach (string line in LineSplitter.LinesOf(stream))
        {
            if (filter.Pass(line) is not { } shown)
            {
                continue;
            }

            said.Enqueue(shown);
            if (said.Count > MaxSaid)
            {
                said.Dequeue();
            }

            await say(shown);
        }
    }
}
