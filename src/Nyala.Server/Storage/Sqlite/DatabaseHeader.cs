using System.Buffers.Binary;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// What the first 100 bytes of a database say (<see href="https://sqlite.org/fileformat2.html"/>). Page 1 begins with them, and so does each
/// copy of it in a write-ahead log.
/// </summary>
/// <param name="IsLogged">Whether the database has a write-ahead log.</param>
/// <param name="Generation">The <c>user_version</c>: which of its logs the database is at, see <see cref="LogGeneration"/>; 0 if it was never counted.</param>
internal readonly record struct DatabaseHeader(int PageSize, bool IsLogged, uint Generation)
{
    public const int Size = 100;

    private const int Logged = 2;

    /// <summary>Reads a header; null if it is not one.</summary>
    public static DatabaseHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size || !bytes.StartsWith("SQLite format 3\0"u8))
        {
            return null;
        }

        int size = BinaryPrimitives.ReadUInt16BigEndian(bytes[16..]);
        return new DatabaseHeader(size == 1 ? 65536 : size, bytes[18] == Logged && bytes[19] == Logged, BinaryPrimitives.ReadUInt32BigEndian(bytes[60..]));
    }
}
