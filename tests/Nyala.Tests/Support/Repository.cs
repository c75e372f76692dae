using System.Runtime.CompilerServices;

namespace Nyala.Tests.Support;

/// <summary>The repository that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "../../.."));

    public static string File(string path) => Path.Combine(Root, path);

    /// <summary>Returns the source files below a folder, without the output of builds.</summary>
    public static IEnumerable<string> Sources(string folder) => Directory
        .EnumerateFiles(File(folder), "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    private static string Here([CallerFilePath] string source = "") => Path.GetDirectoryName(source)!;
}
