using System.Text;

namespace Nyala.Server.Deploying.Commands;

/// <summary>The file <c>.deployment</c> of a source, as it is on disk.</summary>
/// <param name="Content">The content of the file; null if it does not exist or cannot be read.</param>
/// <param name="Refusal">Why the file makes the deployment fail; null if it does not.</param>
/// <param name="Warning">Why the file is ignored; null if it is not.</param>
internal sealed record DotDeploymentFile(DotDeployment? Content, string? Refusal = null, string? Warning = null)
{
    private const int MaxSize = 64 * 1024;

    /// <summary>Reads the file of a source.</summary>
    public static DotDeploymentFile Read(string source)
    {
        var file = new FileInfo(Path.Combine(source, DotDeployment.FileName));
        if (file.LinkTarget is not null)
        {
            return new DotDeploymentFile(null, Warning: $"{DotDeployment.FileName} is a link and is ignored. Commit the file itself.");
        }

        if (!file.Exists)
        {
            return new DotDeploymentFile(Content: null);
        }

        return file.Length > MaxSize
            ? Refuse($"{DotDeployment.FileName} has {file.Length} bytes; the maximum is {MaxSize}. Move long content into a script, and use that as the command.")
            : Decode(File.ReadAllBytes(file.FullName));
    }

    /// <summary>Removes the file from a release, because it is for the server and not for the site's visitors.</summary>
    public static void RemoveFrom(string release)
    {
        string file = Path.Combine(release, DotDeployment.FileName);
        if (File.Exists(file) || new FileInfo(file).LinkTarget is not null)
        {
            SiteFolders.RemoveFile(file);
        }
    }

    /// <summary>Decodes the file's bytes: as UTF-8, or as its byte order mark says, because editors and shells of Windows write one.</summary>
    internal static DotDeploymentFile Decode(byte[] bytes)
    {
        using var reader = new StreamReader(new MemoryStream(bytes), new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true);
        string text = reader.ReadToEnd();
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return Refuse($"{DotDeployment.FileName} contains a NUL character, so it is not a text file. Save it as UTF-8.");
        }

        // Invalid bytes do no harm in a comment or in another section.
        DotDeployment content = DotDeployment.Read(text);
        string[] used = [content.Command ?? "", content.Project ?? "", .. content.Others.Keys, .. content.Others.Values];
        return used.Any(part => part.Contains('\uFFFD', StringComparison.Ordinal))
            ? Refuse($"{DotDeployment.FileName} is not valid UTF-8 under [config]. Save it as UTF-8.")
            : new DotDeploymentFile(content);
    }

    private static DotDeploymentFile Refuse(string reason) => new(null, Refusal: reason);
}
