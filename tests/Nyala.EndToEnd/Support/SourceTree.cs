namespace Nyala.EndToEnd.Support;

/// <summary>The repository that these tests were built in.</summary>
internal static class SourceTree
{
    private static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "Nyala.slnx")) ? folder.FullName : Find(folder.Parent ?? throw new DirectoryNotFoundException("Nyala.slnx is nowhere above the tests."));
}
