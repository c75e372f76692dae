using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;

namespace Nyala.Server.Deploying.Push;

/// <summary>Passes a request's body to git and git's answer back, as it comes.</summary>
internal static class GitExchange
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Runs git to its end, also where the client goes away meanwhile: git then sees its input end.</summary>
    /// <param name="process">git, just started.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="response">The response, its headers set.</param>
    /// <param name="first">What goes before git's answer.</param>
    /// <returns>What git said on its error stream.</returns>
    public static async Task<string> RunAsync(Process process, PipeReader body, HttpResponse response, string first = "")
    {
        Task sending = SendAsync(body, process.StandardInput.BaseStream);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await ReceiveAsync(process.StandardOutput.BaseStream, first, response);
        await process.WaitForExitAsync(CancellationToken.None);

        // Where git ended early, what it did not read is the request's rest, which the server drops.
        body.CancelPendingRead();
        await sending;
        return (await error).Trim();
    }

    private static async Task SendAsync(PipeReader body, Stream input)
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
                        return;
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
                        return;
                    }
                }
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or BadHttpRequestException or InvalidDataException)
            {
                // The client went away or sent what is not gzip, or git took no more.
            }
        }
    }

    private static async Task ReceiveAsync(Stream output, string first, HttpResponse response)
    {
        byte[] buffer = new byte[BufferSize];
        int read = Encoding.ASCII.GetBytes(first, buffer);
        bool gone = false;
        do
        {
            try
            {
                if (!gone && read > 0)
                {
                    await response.Body.WriteAsync(buffer.AsMemory(0, read), response.HttpContext.RequestAborted);
                    await response.Body.FlushAsync(response.HttpContext.RequestAborted);
                }
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                gone = true;
            }
        }
        while ((read = await output.ReadAsync(buffer, CancellationToken.None)) > 0);
    }
}
