using System.Diagnostics;
using Nyala.Server.Deploying.Fetch;
using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Git;

/// <summary>Runs a git that talks to another server: what it says is passed on as it comes, it has a limit, and its end is that of all it started.</summary>
internal sealed class RemoteGit(TimeProvider clock)
{
    private const int MostSaid = 40;

    /// <summary>How long its output is read once it has ended.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    /// <summary>Runs git to its end.</summary>
    /// <param name="start">How it is started: as the leader of a session.</param>
    /// <param name="say">Gets the lines that it says, without most of its progress.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How it ended; the error is what it said last.</returns>
    /// <exception cref="OperationCanceledException">It was ended by the token, or by the limit: then <see cref="TimeoutException"/>.</exception>
    /// <exception cref="TimeoutException">It took longer than the limit, and was ended.</exception>
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
            if (said.Count > MostSaid)
            {
                said.Dequeue();
            }

            await say(shown);
        }
    }
}
