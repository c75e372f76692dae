namespace Nyala.Cli.Deploy;

/// <summary>The source of a deployment: a folder, a zip file, or a repository that the server fetches.</summary>
/// <param name="Folder">The path of the folder; null for another kind of source.</param>
/// <param name="Zip">The path of the zip file; null for another kind of source.</param>
/// <param name="Url">The URL of the repository; null for another kind of source.</param>
internal sealed record DeploySource(string? Folder = null, string? Zip = null, string? Url = null)
{
    /// <summary>Returns the source that a text names.</summary>
    /// <exception cref="CommandFailure">The text names none of these.</exception>
    public static DeploySource Of(string text) =>
        Directory.Exists(text) ? new DeploySource(Folder: text)
        : File.Exists(text) ? OfFile(text)
        : text.Contains("://", StringComparison.Ordinal) ? OfUrl(text)
        : throw new CommandFailure(
            text.Contains(':', StringComparison.Ordinal) ? $"{text} is not a file or folder, and not a supported URL. Specify a repository as https://HOST/PATH, optionally followed by #BRANCH or #COMMIT."
            : $"{text} does not exist. Specify a folder, a zip file, or the https:// URL of a git repository.");

    private static DeploySource OfFile(string path) => SpecialFile.NameOfSpecial(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path) is { } special
        ? throw new CommandFailure($"{path} is {special}. Specify a folder, a zip file, or the https:// URL of a git repository.")
        : new DeploySource(Zip: path);

    private static DeploySource OfUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) && url.Host.Length > 0
            ? new DeploySource(Url: text)
            : throw CommandFailure.Usage("the URL of a repository must be https://HOST/PATH. Add #BRANCH or #COMMIT if it is not the default branch.");
}
