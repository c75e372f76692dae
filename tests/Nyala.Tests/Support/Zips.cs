using System.IO.Compression;

namespace Nyala.Tests.Support;

/// <summary>Creates zips to deploy.</summary>
internal static class Zips
{
    /// <summary>Returns a zip of these files, as the body of a request.</summary>
    public static ByteArrayContent Of(params IEnumerable<(string Name, string Text)> files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in files)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(text);
            }
        }

        return new ByteArrayContent(bytes.ToArray());
    }
}
