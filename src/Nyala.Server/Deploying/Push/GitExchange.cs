using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;

namespace Nyala.Server.Deploying.Push;

/// <summary>How an exchange with git ended.</summary>
/// <param name="Error">What git said on its error stream.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Answered">Whether it answered anything.</param>
/// <param name="Damaged">Whether the request's body could not be unpacked.</param>
internal readonly record struct GitEnd(string Error, int ExitCode, bool Answered, bool Damaged);

/// <summary>Passes a request's body to git and git's answer back, as it comes.</summary>
internal static class GitExchange
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Runs git to its end, also where the client goes away meanwhile: git then sees its input end.</summary>
    /// <param name="process">git, just started.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="response">The response, its headers set. It begins with git's first byte.</param>
    /// <param name="first">What goes before git's answer.</param>
    /// <param name="people">Makes safe what people read of the answer; null if there is nothing of the kind.</param>
    public static async Task<GitEnd> RunAsync(Process process, PipeReader body, HttpResponse response, string first = "", Sideband? people = null)
    {
        Task<bool> sending = SendAsync(body, process.StandardInput.BaseStream);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        bool answered = await ReceiveAsync(process.StandardOutput.BaseStream, first, response, people);
        await process.WaitForExitAsync(CancellationToken.None);

        // Where git ended early, what it did not read is the request's rest, which the server drops.
        body.CancelPendingRead();
        bool damaged = await sending;
        return new GitEnd((await error).Trim(), process.ExitCode, answered, damaged);
    }

    /// <summary>Whether the body was damaged.</summary>
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
                        // Also where git takes no more: the server reads the rest itself, to keep the connection.
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
                // The client went away, or git took no more.
                return false;
            }
        }
    }

    /// <summary>Whether git answered anything.</summary>
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

    /// <summary>False if the client has gone.</summary>
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
