using Nyala.Client;
using Nyala.Server.Deploying.Commands;
using Nyala.Server.Deploying.Releases;

namespace Nyala.Server.Deploying.Zip;

/// <summary>A part of a site, which is added to a copy of the release that the site runs. That release itself is never written to.</summary>
/// <param name="upload">The zip or the file that was sent.</param>
/// <param name="part">The part of the site that is deployed.</param>
/// <param name="site">The site's folder. The caller holds the site's pass, so that the current release does not change.</param>
/// <param name="limits">The limits for the zip.</param>
internal sealed class PartSource(string upload, SitePart part, SiteFolder site, ZipOptions limits) : ISource
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Kind => "zip";

    public bool IsRelease => true;

    public async Task<string?> FillAsync(string folder, RunOutput output, CancellationToken cancellationToken)
    {
        string place = part.Path.Length == 0 ? "the site" : $"\"{part.Path}\"";
        if (new SiteReleases(site).Current is { } current)
        {
            await output.WriteAsync("Copying the current release.");
            if (await FolderCopy.CopyAsync(Path.Combine(site.Releases, current), folder, cancellationToken) is { } uncopied)
            {
                return uncopied;
            }
        }

        string staged = folder + ".part";
        SiteFolders.Remove(staged);
        Directory.CreateDirectory(staged);
        try
        {
            if (await StageAsync(staged, output, cancellationToken) is { } unstaged)
            {
                return unstaged;
            }

            await output.WriteAsync(part.Clean ? $"Emptying \"{part.Folder}/\", then deploying {place}." : $"Deploying {place}. Other files are kept.");
            return await Task.Run(() => Overlay.Apply(staged, folder, part.Folder, part.Clean), cancellationToken);
        }
        finally
        {
            SiteFolders.Remove(staged);
        }
    }

    private async Task<string?> StageAsync(string staged, RunOutput output, CancellationToken cancellationToken)
    {
        if (part.IsFile)
        {
            string file = Path.Combine(staged, Path.GetFileName(part.Path));
            File.Move(upload, file);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, FileMode);
            }

            return null;
        }

        await output.WriteAsync($"Unpacking a zip of {new FileInfo(upload).Length} bytes.");
        string? wrong = await Unpacker.UnpackAsync(upload, staged, limits, cancellationToken);
        string settings = Path.Combine(staged, DotDeployment.FileName);
        if (wrong is null && part.Folder.Length == 0 && File.Exists(settings))
        {
            File.Delete(settings);
            await output.WriteAsync($"{DotDeployment.FileName} is skipped: it applies only to a deployment of the whole site.", LogEntryType.Warning);
        }

        return wrong;
    }
}
