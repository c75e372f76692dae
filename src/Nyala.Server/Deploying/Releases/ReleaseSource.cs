namespace Nyala.Server.Deploying.Releases;

/// <summary>The release of an earlier run, for a deployment that cannot be made again from what was sent, because that was only a part of a site.</summary>
internal sealed class ReleaseSource(string release) : ISource
{
    public string Kind => "zip";

    public bool IsRelease => true;

    public async Task<string?> FillAsync(string folder, RunOutput output, CancellationToken cancellationToken)
    {
        await output.WriteAsync("Copying the release that this deployment made.");
        return await FolderCopy.CopyAsync(release, folder, cancellationToken);
    }
}
