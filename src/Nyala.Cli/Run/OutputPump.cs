using Nyala.Server.Processes;

namespace Nyala.Cli.Run;

/// <summary>
/// Copies one output stream of the command to the same stream of this process, immediately and byte for byte, and splits it into log lines. It runs on its own
/// thread, so that nothing else delays the command's output.
/// </summary>
internal sealed class OutputPump(Stream from, Stream to, Action<string> line, Action<string> print, TimeProvider clock)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly LineSplitter _lines = new(line, CarriageReturn.Overwrites);
    private bool _left;
    private long _readingSince;

    public void Start() => new Thread(Copy) { IsBackground = true, Name = "output" }.Start();

    /// <summary>
    /// Waits until the command's output has been passed on. Call it after the command has ended. A process that the command left behind may hold the stream
    /// open forever, so the wait ends after <paramref name="grace"/> without a byte.
    /// </summary>
    /// <returns>False if the stream is still open.</returns>
    public async Task<bool> DrainAsync(TimeSpan grace)
    {
        long exited = clock.GetTimestamp();
        while (!_ended.Task.IsCompleted)
        {
            long since = Math.Max(exited, Volatile.Read(ref _readingSince));
            bool reading = Volatile.Read(ref _readingSince) != 0;
            if (reading && clock.GetElapsedTime(since) > grace)
            {
                break;
            }

            await Task.WhenAny(_ended.Task, Task.Delay(PollInterval, clock, CancellationToken.None));
        }

        lock (_lock)
        {
            _left = true;
            _lines.End();
        }

        return _ended.Task.IsCompleted;
    }

    private void Copy()
    {
        byte[] buffer = new byte[64 * 1024];
        bool writable = true;
        try
        {
            while (true)
            {
                Volatile.Write(ref _readingSince, clock.GetTimestamp());
                int read = from.Read(buffer, 0, buffer.Length);
                Volatile.Write(ref _readingSince, 0);
                if (read <= 0)
                {
                    return;
                }

                writable = writable && TryWrite(buffer.AsSpan(0, read));
                lock (_lock)
                {
                    if (!_left)
                    {
                        _lines.Add(buffer.AsSpan(0, read));
                    }
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The command's end of the pipe is closed, so there is nothing more to read.
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    // If the output is redirected to a full disk, the command and its report must continue.
    private bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            to.Write(bytes);
            to.Flush();
            return true;
        }
        catch (IOException error)
        {
            print($"the command's output cannot be passed on any more: {error.Message}");
            return false;
        }
    }
}
