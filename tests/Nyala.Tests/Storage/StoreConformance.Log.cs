using Nyala.Client;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Log_entries_are_read_by_their_parent()
    {
        LogRecord top = Line(1) with { Type = LogEntryType.Warning, Message = "grüße\t" };
        LogRecord below = Line(2) with { Parent = 1, Type = LogEntryType.Error, Message = "" };
        await WriteAsync(tables =>
        {
            tables.Log.Append(5, Line(3));
            tables.Log.Append(5, top);
            tables.Log.Append(5, below);
            tables.Log.Append(6, Line(1));
        });

        Assert.Equal([top with { HasDetails = true }, Line(3)], await ReadAsync(tables => tables.Log.Read(5, 0)));
        Assert.Equal([below], await ReadAsync(tables => tables.Log.Read(5, 1)));
        Assert.Equal((below, null, null), await ReadAsync(tables => (tables.Log.Find(5, 2), tables.Log.Find(5, 4), tables.Log.Find(7, 1))));
        Assert.Equal([Line(1)], await ReadAsync(tables => tables.Log.Read(6, 0)));
    }

    [Fact]
    public async Task The_extent_of_a_log_is_stored_with_its_run()
    {
        var extent = new LogExtent(1000, 20, 5, 3);
        await AddAsync(Run(1));
        await AddAsync(Run(2));
        Assert.Equal(default, await ReadAsync(tables => tables.Log.Extent(1)));

        await WriteAsync(tables => tables.Log.SetExtent(1, extent));
        await WriteAsync(tables => tables.Runs.Update(Success(Run(1), 1)));

        Assert.Equal((extent, default(LogExtent)), await ReadAsync(tables => (tables.Log.Extent(1), tables.Log.Extent(2))));
    }

    [Theory]
    [InlineData(0, 1, "2,3,4", 1, 68)]
    [InlineData(0, 68, "2,3,4", 1, 68)]
    [InlineData(0, 69, "3,4", 2, 136)]
    [InlineData(2, 69, "1,2", 2, 136)]
    [InlineData(2, 999, "1,2", 2, 136)]
    [InlineData(4, 999, "1,2,3,4", 0, 0)]
    [InlineData(0, 0, "1,2,3,4", 0, 0)]
    public async Task DropOldest_deletes_entries_after_the_beginning_until_enough_bytes_are_freed(long after, long bytes, string kept, long entries, long freed)
    {
        await WriteAsync(tables =>
        {
            for (int seq = 1; seq <= 4; seq++)
            {
                // Four bytes in three characters.
                tables.Log.Append(1, Line(seq) with { Message = "abü" });
            }

            tables.Log.Append(2, Line(1));
        });

        Assert.Equal((entries, freed), await Store.WriteAsync(tables => tables.Log.DropOldest(1, after, bytes)));
        Assert.Equal(kept, string.Join(',', await ReadAsync(tables => tables.Log.Read(1, 0).Select(entry => entry.Seq).ToList())));
        Assert.Single(await ReadAsync(tables => tables.Log.Read(2, 0)));
    }

    private static LogRecord Line(long seq) => new(seq, 0, Now.AddSeconds(seq), LogEntryType.Message, "line " + seq, HasDetails: false);
}
