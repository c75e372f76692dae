namespace Nyala.Cli.Deploy;

/// <summary>What is to be deployed: a folder, a zip, or a repository that the server fetches.</summary>
/// <param name="Folder">The folder; null if it is none.</param>
/// <param name="Zip">The zip's path; null if it is none.</param>
/// <param name="Url">The repository's URL; null if it is none.</param>
internal sealed record DeploySource(string? Folder = null, string? Zip = null, string? Url = null)
{
    /// <summary>Decides.</summary>
    /// <exception cref="CommandFailure">It is none of them.</exception>
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
