using System.IO.Compression;

namespace Nyala.EndToEnd.Support;

/// <summary>Creates zips to deploy.</summary>
internal static class Zips
{
    /// <summary>Creates a zip with one page.</summary>
    public static string Page(Machine machine, string text) => Make(Path.Combine(machine.Work, "page.zip"), "index.html", text);

    /// <summary>Creates a zip whose deploy command prints a line and fails.</summary>
    public static string Failing(Machine machine) =>
        Make(Path.Combine(machine.Work, "failing.zip"), ".deployment", "[config]\ncommand = echo no such thing >&2; exit 3\n");

    private static string Make(string path, string name, string text)
    {
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create);
        using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        writer.Write(text);
        return path;
    }
}
