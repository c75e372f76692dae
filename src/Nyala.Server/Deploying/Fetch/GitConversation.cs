using System.Diagnostics;
using System.Text;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>Runs a git that talks to another server: what it says is passed on as it comes, it has a limit, and its end is that of all it started.</summary>
internal sealed class GitConversation(TimeProvider clock)
{
    private const int MaxOut = 1024 * 1024;
    private const int MostSaid = 40;

    /// <summary>How long git has after SIGTERM, to remove what it has half written, and how long its output is read once it has ended.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Runs git to its end.</summary>
    /// <param name="start">How it is started: as the leader of a session.</param>
    /// <param name="say">Gets the lines that it says, without most of its progress.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How it ended; the error is what it said last.</returns>
    /// <exception cref="OperationCanceledException">It was ended by the token, or by the limit: then <see cref="TimeoutException"/>.</exception>
    /// <exception cref="TimeoutException">It took longer than the limit, and was ended.</exception>
    public async Task<GitResult> RunAsync(ProcessStartInfo start, Func<string, ValueTask> say, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using Process process = Git.Begin(start);
        process.StandardInput.Close();
        var said = new Queue<string>();
        var output = new StringBuilder();
        Task reading = Task.WhenAll(ReadAsync(process.StandardOutput, output), ListenAsync(process.StandardError.BaseStream, said, say));
        try
        {
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException();
        }
        finally
        {
            await Task.WhenAny(reading, Task.Delay(Grace, clock, CancellationToken.None));
        }

        return new GitResult(process.ExitCode, output.ToString(), string.Join('\n', said));
    }

    private async Task EndAsync(Process process)
    {
        Posix.SignalGroup(process.Id, Posix.Terminate);
        using var grace = new CancellationTokenSource(Grace, clock);
        await process.WaitForExitAsync(grace.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        Posix.SignalGroup(process.Id, Posix.Kill);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Keeps the beginning, and reads on: git must not be stuck.</summary>
    private static async Task ReadAsync(StreamReader reader, StringBuilder output)
    {
        char[] buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            output.Append(buffer, 0, Math.Min(read, MaxOut - output.Length));
        }
    }

    private static async Task ListenAsync(Stream stream, Queue<string> said, Func<string, ValueTask> say)
    {
        var cutter = new LineCutter();
        var filter = new ProgressFilter();
        byte[] buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            foreach (string line in cutter.Cut(buffer.AsMemory(0, read)))
            {
                await PassAsync(line);
            }
        }

        await PassAsync(cutter.Rest() ?? "");

        async ValueTask PassAsync(string line)
        {
            if (filter.Pass(line) is not { } shown)
            {
                return;
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
