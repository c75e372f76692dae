using Nyala.Tests.Support;

namespace Nyala.Tests.Hosting;

/// <summary>The files in the data folder are accessible only to their owner.</summary>
public sealed class DataFolderTests
{
    [Fact]
    public async Task Files_in_the_data_folder_have_mode_600_even_if_others_could_read_them_before()
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
