using Microsoft.Win32.SafeHandles;

namespace Nyala.Server.Deploying.Zip;

/// <summary>
/// The packed bytes of one entry, read from their position in the file. A reader gets the last byte only after it has used all bytes before it, so that
/// <see cref="Left"/> shows whether the content ended where the entry does.
/// </summary>
internal sealed class ZipSlice(SafeFileHandle zip, long start, long length) : Stream
{
    private long _read;

    /// <summary>The number of bytes that were not read.</summary>
    public long Left => length - _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        long most = Left > 1 ? Left - 1 : Left;
        int count = RandomAccess.Read(zip, buffer[..(int)Math.Min(buffer.Length, most)], start + _read);
        _read += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
