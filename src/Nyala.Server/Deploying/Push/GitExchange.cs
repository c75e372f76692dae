using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;

namespace Nyala.Server.Deploying.Push;

/// <summary>How an exchange with git ended.</summary>
/// <param name="Error">What git wrote to its error stream.</param>
/// <param name="ExitCode">git's exit code.</param>
/// <param name="Answered">Whether git wrote a response.</param>
/// <param name="Damaged">Whether the request body could not be decompressed.</param>
internal readonly record struct GitExchangeResult(string Error, int ExitCode, bool Answered, bool Damaged);

/// <summary>Passes a request body to git and git's output back to the client, as it arrives.</summary>
internal static class GitExchange
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Runs git until it exits. If the client disconnects, git sees the end of its input.</summary>
    /// <param name="process">git, just started.</param>
    /// <param name="body">The request body.</param>
    /// <param name="response">The response, with its headers set. It starts with git's first byte.</param>
    /// <param name="first">Text to send before git's output.</param>
    /// <param name="people">Makes the text for people in git's output safe; null if the output contains none.</param>
    public static async Task<GitExchangeResult> RunAsync(Process process, PipeReader body, HttpResponse response, string first = "", Sideband? people = null)
    {
        Task<bool> sending = SendAsync(body, process.StandardInput.BaseStream);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        bool answered = await ReceiveAsync(process.StandardOutput.BaseStream, first, response, people);
        await process.WaitForExitAsync(CancellationToken.None);

        // If git exited early, the server discards the rest of the request.
        body.CancelPendingRead();
        bool damaged = await sending;
        return new GitExchangeResult((await error).Trim(), process.ExitCode, answered, damaged);
    }

    /// <summary>Returns whether the body was damaged.</summary>
    private static async Task<bool> SendAsync(PipeReader body, Stream input)
    {
        await using (input)
        {
            try
            {
                while (true)
                {
                    ReadResult read = await body.ReadAsync(CancellationToken.None);
                    if (read.IsCanceled)
                    {
                        body.AdvanceTo(read.Buffer.End);
                        return false;
                    }

                    try
                    {
                        foreach (ReadOnlyMemory<byte> piece in read.Buffer)
                        {
                            await input.WriteAsync(piece, CancellationToken.None);
                        }
                    }
                    finally
                    {
                        // Also done if git no longer reads, because the server then reads the rest itself to keep the connection.
                        body.AdvanceTo(read.Buffer.End);
                    }

                    if (read.IsCompleted)
                    {
                        return false;
                    }
                }
            }
            catch (InvalidDataException)
            {
                return true;
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or BadHttpRequestException)
            {
                // The client disconnected, or git no longer reads.
                return false;
            }
        }
    }

    /// <summary>Returns whether git wrote anything.</summary>
    private static async Task<bool> ReceiveAsync(Stream output, string first, HttpResponse response, Sideband? people)
    {
        byte[] buffer = new byte[BufferSize];
        bool answered = false;
        bool gone = false;
        int read;
        while ((read = await output.ReadAsync(buffer, CancellationToken.None)) > 0)
        {
            gone = gone || (!answered && first.Length > 0 && !await TryWriteAsync(response, Encoding.ASCII.GetBytes(first)));
            answered = true;
            gone = gone || !await TryWriteAsync(response, people is null ? buffer.AsMemory(0, read) : people.Pass(buffer.AsSpan(0, read)));
        }

        if (!gone && people?.Rest() is { Length: > 0 } rest)
        {
            await TryWriteAsync(response, rest);
        }

        return answered;
    }

    /// <summary>Returns false if the client has disconnected.</summary>
    private static async Task<bool> TryWriteAsync(HttpResponse response, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await response.Body.WriteAsync(bytes, response.HttpContext.RequestAborted);
            await response.Body.FlushAsync(response.HttpContext.RequestAborted);
            return true;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            return false;
        }
    }
}
