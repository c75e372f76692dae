using Nyala.Tests.Support;

namespace Nyala.Tests.Hosting;

/// <summary>What lies in the data folder is its owner's alone.</summary>
public sealed class DataFolderTests
{
    [Fact]
    public async Task Every_file_is_readable_by_its_owner_alone_also_where_it_was_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        await using TestServer server = await TestServer.StartAsync();
        string folder = server.DataFolder;
        await server.PostAsync("/api/hooks", Some.Hook("http://ann:pw@127.0.0.1:9/"));
        Assert.All(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories), AssertPrivate);

        await server.StopAsync();
        foreach (string file in Directory.EnumerateFiles(folder, "nyala.db*").Append(Path.Combine(folder, "lock")))
        {
            Open(file);
        }

        await server.StartAgainAsync();

        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)];
        Assert.Contains(files, file => file.EndsWith("nyala.db-wal", StringComparison.Ordinal));
        Assert.Contains(files, file => file.Contains("keys", StringComparison.Ordinal));
        Assert.All(files, AssertPrivate);
    }

    private static void Open(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
    }

    private static void AssertPrivate(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal((file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, File.GetUnixFileMode(file)));
        }
    }
}
