using System.Runtime.CompilerServices;

namespace Nyala.Cli.Events;

/// <summary>A line of a batch that is not blank.</summary>
/// <param name="Number">The number of the line in the file, from 1.</param>
/// <param name="Content">The bytes without the line feed; null if the line is too large for a request.</param>
internal readonly record struct BatchLine(int Number, ReadOnlyMemory<byte>? Content);

/// <summary>
/// Reads the lines of a batch once, from its start to its end. It works with pipes and with files that grow meanwhile, and keeps only the current line in memory.
/// </summary>
internal static class BatchFile
{
    /// <summary>The maximum size of a request in bytes.</summary>
    public const int MaxSize = 8 * 1024 * 1024;

    private const int ChunkSize = 64 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>Reads the lines.</summary>
    /// <exception cref="CommandFailure">Reading failed.</exception>
    public static async IAsyncEnumerable<BatchLine> ReadAsync(Stream input, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] chunk = new byte[ChunkSize];
        using var line = new MemoryStream();
        int number = 1;
        int read;
        do
        {
            read = await ReadAsync(input, chunk, name, cancellationToken);
            ReadOnlyMemory<byte> rest = chunk.AsMemory(0, read);
            int end;
            while ((end = rest.Span.IndexOf((byte)'\n')) >= 0)
            {
                Append(line, rest.Span[..end]);
                rest = rest[(end + 1)..];
                if (Take(line, number++) is { } taken)
                {
                    yield return taken;
                }
            }

            Append(line, rest.Span);
        }
        while (read > 0);

        if (Take(line, number) is { } last)
        {
            yield return last;
        }
    }

    // A line that is too large is cut, but stays too large, even without a byte order mark.
    private static void Append(MemoryStream line, ReadOnlySpan<byte> part) =>
        line.Write(part[..Math.Min(part.Length, MaxSize + ByteOrderMark.Length - (int)line.Length)]);

    private static BatchLine? Take(MemoryStream line, int number)
    {
        ReadOnlySpan<byte> content = line.GetBuffer().AsSpan(0, (int)line.Length);

        // Files that were put together can have a byte order mark in the middle.
        content = content.StartsWith(ByteOrderMark) ? content[ByteOrderMark.Length..] : content;
        BatchLine? taken = content.Length + 1 > MaxSize ? new BatchLine(number, null)
            : content.IndexOfAnyExcept(" \t\r"u8) < 0 ? null
            : new BatchLine(number, content.ToArray());
        line.SetLength(0);
        return taken;
    }

    private static async Task<int> ReadAsync(Stream input, byte[] chunk, string name, CancellationToken cancellationToken)
    {
        try
        {
            // A read from a pipe does not end when it is canceled.
            return await input.ReadAsync(chunk, cancellationToken).AsTask().WaitAsync(cancellationToken);
        }
        catch (IOException error)
        {
            throw new CommandFailure($"{name} cannot be read: {error.Message}");
        }
    }
}
