using System.Diagnostics;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Nyala.Server;
using Nyala.Server.Hosting;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hosting;

/// <summary>The server refuses a data folder whose parts do not belong together, and starts on a complete one.</summary>
public sealed class RestoreTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.PostAsync("/api/hooks", Some.Hook("http://ann:pw@127.0.0.1:9/"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_server_starts_on_the_data_folder_of_a_killed_server() => Assert.Null(await StartAsync(Copy("killed")));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_start_fails_without_the_keys_and_succeeds_once_they_are_restored(bool folderToo)
    {
        string copy = Copy("copy");
        string keys = Path.Combine(copy, "keys");
        string away = _folder.In("keys");
        Directory.Move(keys, away);
        if (!folderToo)
        {
            Directory.CreateDirectory(keys);
        }

        string? refusal = await StartAsync(copy);

        Assert.StartsWith("The secrets in nyala.db are encrypted with keys that are not in ", refusal, StringComparison.Ordinal);
        Assert.Contains("Restore keys/ from the backup that nyala.db came from", refusal, StringComparison.Ordinal);
        Assert.Equal(refusal, await StartAsync(copy));
        Assert.Empty(Directory.EnumerateFiles(keys));

        Directory.Delete(keys);
        Directory.Move(away, keys);
        Assert.Null(await StartAsync(copy));
    }

    [Fact]
    public async Task The_start_fails_with_the_keys_of_another_database()
    {
        await using TestServer other = await TestServer.StartAsync();
        string copy = Copy("copy");
        Directory.Delete(Path.Combine(copy, "keys"), recursive: true);
        Shell($"cp -r '{other.DataFolder}/keys' '{copy}/keys'");

        Assert.StartsWith("The secrets in nyala.db are encrypted with keys that are not in ", await StartAsync(copy), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_start_fails_if_the_newest_key_is_missing()
    {
        string before = Copy("before");
        IKeyManager manager = _server.Server.Services.GetRequiredService<IKeyManager>();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        IKey fresh = manager.CreateNewKey(now, now + TimeSpan.FromDays(90));

        await _server.RestartAsync();
        await _server.PostAsync("/api/hooks", Some.Hook("http://ann:pw@127.0.0.1:10/"));
        string after = Copy("after");
        Assert.Null(await StartAsync(Copy("whole")));

        Directory.Delete(Path.Combine(after, "keys"), recursive: true);
        Shell($"cp -r '{before}/keys' '{after}/keys'");

        Assert.Contains(fresh.KeyId.ToString(), await StartAsync(after), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_start_fails_if_a_key_file_has_other_content()
    {
        string copy = Copy("copy");
        string key = Directory.EnumerateFiles(Path.Combine(copy, "keys")).Single();
        string text = await File.ReadAllTextAsync(key, TestContext.Current.CancellationToken);
        int value = text.IndexOf("<value>", StringComparison.Ordinal) + "<value>".Length;
        await File.WriteAllTextAsync(key, text[..value] + (text[value] == 'A' ? 'B' : 'A') + text[(value + 1)..], TestContext.Current.CancellationToken);

        Assert.StartsWith("The secrets in nyala.db are encrypted with keys that are not in ", await StartAsync(copy), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_start_reports_a_truncated_key_file()
    {
        string copy = Copy("copy");
        string key = Directory.EnumerateFiles(Path.Combine(copy, "keys")).Single();
        using (FileStream file = new(key, FileMode.Open))
        {
            file.SetLength(100);
        }

        Assert.StartsWith("A key in ", await StartAsync(copy), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "The keys in ")]
    public async Task A_database_of_an_earlier_version_is_accepted_if_the_keys_decrypt_its_secrets(bool withKeys, string? refusal)
    {
        await _server.StopAsync();
        string copy = Copy("copy");
        Sql(copy, "DROP TABLE seals; DROP TABLE opened; DELETE FROM SchemaVersions WHERE ScriptName LIKE '%0008%'; PRAGMA user_version = 0;");
        if (!withKeys)
        {
            Shell($"rm '{copy}'/keys/*");
        }

        string? said = await StartAsync(copy);

        Assert.Equal(refusal is null, said is null);
        if (refusal is not null)
        {
            Assert.StartsWith(refusal, said, StringComparison.Ordinal);
            Assert.Contains("(hook ", said, StringComparison.Ordinal);
            return;
        }

        Assert.Equal("1", Ask(copy, "SELECT count(*) FROM seals"));
        Shell($"rm '{copy}'/keys/*");
        Assert.StartsWith("The secrets in nyala.db", await StartAsync(copy), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documented_statements_let_the_server_start_after_its_keys_are_lost()
    {
        string copy = Copy("copy");
        Shell($"rm '{copy}'/keys/*");
        Assert.NotNull(await StartAsync(copy));

        Sql(copy, StatementsIn(File.ReadAllText(Repository.File("docs/operations.md")).Split("### When the keys are lost")[1]));

        Assert.Null(await StartAsync(copy));
    }

    [Fact]
    public async Task The_start_fails_with_the_log_of_another_database_and_merges_nothing()
    {
        await using TestServer other = await TestServer.StartAsync();
        await other.PostAsync("/api/hooks", Some.Hook("http://127.0.0.1:9/"));
        await _server.StopAsync();
        string copy = Copy("copy");
        Shell($"cp '{other.DataFolder}/nyala.db-wal' '{copy}/'");
        byte[] before = await File.ReadAllBytesAsync(Path.Combine(copy, "nyala.db"), TestContext.Current.CancellationToken);

        string? refusal = await StartAsync(copy);

        Assert.Contains("nyala.db-wal is not the log of this nyala.db", refusal, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(copy, "nyala.db"), TestContext.Current.CancellationToken));
        File.Delete(Path.Combine(copy, "nyala.db-wal"));
        Assert.Null(await StartAsync(copy));
    }

    [Theory]
    [InlineData(".backup")]
    [InlineData("VACUUM INTO")]
    public async Task The_server_starts_on_a_restored_backup_but_not_with_the_log_of_the_replaced_database(string how)
    {
        string backup = _folder.In("backup.db");
        Backup(how, Path.Combine(_server.DataFolder, "nyala.db"), backup);
        for (int restart = 0; restart < 2; restart++)
        {
            await _server.RestartAsync();
            await _server.PostAsync("/api/hooks", Some.Hook($"http://127.0.0.1:9/{restart}"));
            await _server.PostAsync("/api/hooks", Some.Hook($"http://127.0.0.1:9/more{restart}"));
        }

        string copy = Copy("copy");
        Shell($"cp '{backup}' '{copy}/nyala.db'");
        Assert.Contains("nyala.db-wal is not the log of this nyala.db", await StartAsync(copy), StringComparison.Ordinal);

        Shell($"rm '{copy}'/nyala.db-*");
        Assert.Null(await StartAsync(copy));
        Assert.Equal("1", Ask(copy, "SELECT count(*) FROM hooks"));
    }

    [Fact]
    public async Task A_copy_of_an_open_database_without_its_log_is_refused_and_the_suggested_fix_works()
    {
        string copy = Copy("copy");
        File.Delete(Path.Combine(copy, "nyala.db-wal"));

        string? refusal = await StartAsync(copy);

        Assert.Contains("was in use when it was copied", refusal, StringComparison.Ordinal);
        Assert.Equal(refusal, await StartAsync(copy));
        Sql(copy, StatementsIn(refusal!));
        Assert.Null(await StartAsync(copy));
    }

    [Theory]
    [InlineData("nyala.db", "rm nyala.db nyala.db-wal", "nyala.db is missing, but keys/ next to it is not")]
    [InlineData("nyala.db", ": > nyala.db; rm nyala.db-wal", "nyala.db is empty, but keys/ next to it is not")]
    [InlineData("nyala.db", "rm -r nyala.db keys", "its log")]
    [InlineData("nyala.db", "rm nyala.db-wal; printf xxxx | dd of=nyala.db conv=notrunc status=none", "is not a SQLite database, or its beginning is damaged")]
    [InlineData("nyala.db", "rm nyala.db-wal; head -c 3000 /dev/urandom | dd of=nyala.db bs=1 seek=100 conv=notrunc status=none", "damaged")]
    [InlineData("nyala.db", "rm nyala.db-wal; truncate -s 20000 nyala.db", "damaged")]
    [InlineData("nyala.db", "rm nyala.db-wal; truncate -s 50 nyala.db", "is not a SQLite database, or its beginning is damaged")]
    public async Task A_damaged_or_missing_database_is_refused_with_a_readable_error(string file, string damage, string said)
    {
        await _server.StopAsync();
        string copy = Copy("copy");
        Shell($"cd '{copy}' && touch nyala.db-wal && {(damage.StartsWith("rm -r ", StringComparison.Ordinal) ? "echo log > nyala.db-wal && " : "")}{damage}");

        string? refusal = await StartAsync(copy);

        Assert.Contains(said, refusal, StringComparison.Ordinal);
        Assert.Contains(file, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_written_by_a_newer_version_is_refused_and_stays_usable()
    {
        await _server.StopAsync();
        string copy = Copy("copy");
        Sql(copy, "INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('Nyala.Server.Storage.Sqlite.Migrations.9999_later.sql', '2030-01-01')");

        string? refusal = await StartAsync(copy);

        Assert.Contains("it was written by a newer version of nyala (9999_later.sql)", refusal, StringComparison.Ordinal);
        Sql(copy, "DELETE FROM SchemaVersions WHERE ScriptName LIKE '%9999%'");
        Assert.Null(await StartAsync(copy));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_not_changed()
    {
        string folder = Directory.CreateDirectory(_folder.In("other")).FullName;
        Sql(folder, "CREATE TABLE bookmarks (id INTEGER)");

        Assert.Contains("it belongs to another program, and has the table bookmarks", await StartAsync(folder), StringComparison.Ordinal);
        Assert.Equal("bookmarks", Ask(folder, "SELECT group_concat(name) FROM sqlite_schema"));
    }

    /// <summary>Copies the data folder as a server that is killed now would leave it.</summary>
    private string Copy(string name)
    {
        string copy = _folder.In(name);
        Shell($"cp -r '{_server.DataFolderPath}' '{copy}'");
        return copy;
    }

    /// <summary>Starts a server on a folder and stops it. Returns null if it started, or the error.</summary>
    private static async Task<string?> StartAsync(string folder)
    {
        try
        {
            await using NyalaServer server = await NyalaServer.StartAsync(
                new NyalaOptions { Urls = "http://127.0.0.1:0", Data = folder }, TestServer.Token, builder => builder.Logging.ClearProviders());
            return null;
        }
        catch (ServerStartException refused)
        {
            return refused.Message;
        }
    }

    private static void Backup(string how, string from, string to)
    {
        using var source = new SqliteConnection($"Data Source={from};Pooling=False");
        source.Open();
        if (how == ".backup")
        {
            using var target = new SqliteConnection($"Data Source={to};Pooling=False");
            source.BackupDatabase(target);
            return;
        }

        using SqliteCommand vacuum = source.CreateCommand();
        vacuum.CommandText = "VACUUM INTO $to";
        vacuum.Parameters.AddWithValue("$to", to);
        vacuum.ExecuteNonQuery();
    }

    /// <summary>Returns the statements that a text tells its reader to run with sqlite3.</summary>
    private static string StatementsIn(string text) => text.Split("sqlite3 ").Single(part => part.Contains('"', StringComparison.Ordinal)).Split('"')[1];

    private static void Sql(string folder, string sql) => Ask(folder, sql);

    private static string? Ask(string folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "nyala.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // No statement contains untrusted input.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar()?.ToString();
    }

    private static void Shell(string script)
    {
        using Process shell = Process.Start("sh", ["-c", script]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
