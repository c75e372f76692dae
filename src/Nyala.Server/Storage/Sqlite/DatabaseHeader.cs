using System.Buffers.Binary;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// The first 100 bytes of a database (<see href="https://sqlite.org/fileformat2.html"/>). Page 1 starts with them, and so does each copy of page 1 in a
/// write-ahead log.
/// </summary>
/// <param name="IsLogged">Whether the database uses a write-ahead log.</param>
/// <param name="Generation">
/// The <c>user_version</c>, which says up to which of its logs the database is current, see <see cref="LogGeneration"/>; 0 if no log was counted.
/// </param>
internal readonly record struct DatabaseHeader(int PageSize, bool IsLogged, uint Generation)
{
    public const int Size = 100;

    private const int Logged = 2;

    /// <summary>Reads a header; null if the bytes are not a header.</summary>
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
