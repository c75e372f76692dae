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
            tables.Log.Append(5, [top, below, Line(3)], default, NoLimit);
            tables.Log.Append(6, [Line(1)], default, NoLimit);
        });

        Assert.Equal([top with { HasDetails = true }, Line(3)], await ReadAsync(tables => tables.Log.Read(5, 0)));
        Assert.Equal([below], await ReadAsync(tables => tables.Log.Read(5, 1)));
        Assert.Equal((below, null, null), await ReadAsync(tables => (tables.Log.Find(5, 2), tables.Log.Find(5, 4), tables.Log.Find(7, 1))));
        Assert.Equal([Line(1)], await ReadAsync(tables => tables.Log.Read(6, 0)));
    }

    [Fact]
    public async Task The_newest_entries_of_a_log_are_read_with_their_details_oldest_first()
    {
        await WriteAsync(tables =>
        {
            tables.Log.Append(5, [.. Enumerable.Range(1, 5).Select(seq => Line(seq) with { Message = $"line {seq}", Parent = seq == 4 ? 3 : 0 })], default, NoLimit);
            tables.Log.Append(6, [Line(9)], default, NoLimit);
        });

        Assert.Equal(["line 3", "line 4", "line 5"], await ReadAsync(tables => tables.Log.ReadLast(5, 3)));
        Assert.Equal(5, (await ReadAsync(tables => tables.Log.ReadLast(5, 100))).Count);
        Assert.Empty(await ReadAsync(tables => tables.Log.ReadLast(5, 0)));
        Assert.Empty(await ReadAsync(tables => tables.Log.ReadLast(7, 9)));
    }

    [Fact]
    public async Task The_extent_of_a_log_is_stored_with_its_run()
    {
        var extent = new LogExtent(1000, 20, 5, 3);
        await AddAsync(Run(1));
        await AddAsync(Run(2));
        Assert.Equal(default, await ReadAsync(tables => tables.Log.Extent(1)));

        await WriteAsync(tables => tables.Log.Append(1, [], extent, NoLimit));
        await WriteAsync(tables => tables.Runs.Update(Success(Run(1), 1)));

        Assert.Equal((extent, default(LogExtent)), await ReadAsync(tables => (tables.Log.Extent(1), tables.Log.Extent(2))));
    }

    [Theory]
    [InlineData(0, 272, "1,2,3,4", 272, 0)]
    [InlineData(0, 271, "2,3,4", 204, 1)]
    [InlineData(0, 204, "2,3,4", 204, 1)]
    [InlineData(0, 203, "3,4", 136, 2)]
    [InlineData(2, 203, "1,2", 136, 2)]
    [InlineData(2, 0, "1,2", 136, 2)]
    [InlineData(4, 0, "1,2,3,4", 272, 0)]
    public async Task Append_drops_entries_after_the_beginning_until_the_log_is_within_its_limit(long headEnd, long limit, string kept, long bytes, long dropped)
    {
        await AddAsync(Run(1));
        await WriteAsync(tables => tables.Log.Append(2, [Line(1)], default, limit));

        // Four bytes in three characters.
        await WriteAsync(tables => tables.Log.Append(
            1, [.. Enumerable.Range(1, 4).Select(seq => Line(seq) with { Message = "abü" })], new LogExtent(4 * 68, 4, headEnd, 5), limit));

        Assert.Equal(kept, string.Join(',', await ReadAsync(tables => tables.Log.Read(1, 0).Select(entry => entry.Seq).ToList())));
        Assert.Equal(new LogExtent(bytes, 4, headEnd, 5 + dropped), await ReadAsync(tables => tables.Log.Extent(1)));
        Assert.Single(await ReadAsync(tables => tables.Log.Read(2, 0)));
    }

    private static LogRecord Line(long seq) => new(seq, 0, Now.AddSeconds(seq), LogEntryType.Message, "line " + seq, HasDetails: false);
}
