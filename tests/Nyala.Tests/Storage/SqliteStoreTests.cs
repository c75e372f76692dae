using Microsoft.Data.Sqlite;
using Nyala.Server.Storage;
using Nyala.Server.Storage.Sqlite;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

public sealed class SqliteStoreTests : StoreConformance
{
    private readonly TempFolder _folder = new();

    private string File => _folder.In("nyala.db");

    private protected override IStore Open() => SqliteStore.Open(File, Some.StorageInstruments());

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void The_database_uses_a_write_ahead_log()
    {
        Assert.Equal("wal", Ask("PRAGMA journal_mode"));
    }

    /// <summary>Without this index, every line of a log would cause a read of the whole log.</summary>
    [Fact]
    public void HasDetails_of_a_log_entry_is_read_from_an_index() =>
        Assert.Contains("log_details", Ask($"EXPLAIN QUERY PLAN SELECT {LogTable.Columns} FROM log WHERE run = 1 AND parent = 0 ORDER BY seq", column: 3), StringComparison.Ordinal);

    [Fact]
    public async Task A_file_that_is_not_a_database_is_refused_with_an_explanation()
    {
        string file = _folder.In("other.db");
        await System.IO.File.WriteAllTextAsync(file, new string('x', 8192), TestContext.Current.CancellationToken);

        StoreUnavailableException refusal = Assert.Throws<StoreUnavailableException>(() => SqliteStore.Open(file, Some.StorageInstruments()));

        Assert.StartsWith("The database cannot be opened: ", refusal.Message, StringComparison.Ordinal);
        Assert.False(refusal.Full);
    }

    [Fact]
    public async Task A_search_past_its_time_limit_throws_SearchLimitException()
    {
        await using SqliteStore store = SqliteStore.Open(_folder.In("limited.db"), Some.StorageInstruments(), searchLimit: TimeSpan.Zero);

        SearchLimitException ended = await Assert.ThrowsAsync<SearchLimitException>(
            () => store.SearchAsync(tables => tables.Sites.Find("x"), TestContext.Current.CancellationToken));

        Assert.Equal(TimeSpan.Zero, ended.Limit);
        Assert.Null(await store.ReadAsync(tables => tables.Sites.Find("x"), TestContext.Current.CancellationToken));
    }

    private string Ask(string sql, int column = 0)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // No statement contains untrusted input.
        command.CommandText = sql;
#pragma warning restore CA2100
        using SqliteDataReader rows = command.ExecuteReader();
        var lines = new List<string>();
        while (rows.Read())
        {
            lines.Add(rows.GetString(column));
        }

        return string.Join('\n', lines);
    }
}
